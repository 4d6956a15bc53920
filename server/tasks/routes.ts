import { features } from '../features.ts';
import { hookRoutes } from '../webhooks/stripe.ts';

const hooks = hookRoutes.map(({ method, path }) => [method.toUpperCase(), path, 'hooks', 'webhooks', '', 'outside']);
const walked = features.flatMap((feature) =>
  (['public', 'customer', 'staff'] as const).flatMap((band) =>
    (feature[band] ?? []).map(({ method, path, outside, area }) => [method.toUpperCase(), path, band, feature.key, area ?? '', outside ? 'outside' : '']),
  ),
);
for (const row of [...hooks, ...walked].toSorted((a, b) => (a[1] ?? '').localeCompare(b[1] ?? ''))) process.stdout.write(`${row.map((cell, at) => cell.padEnd([6, 42, 10, 18, 10, 8][at] ?? 0)).join(' ').trimEnd()}\n`);
process.exit();
