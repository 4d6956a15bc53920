import { runAutopay } from '../../server/autopay/run-autopay.ts';
import { sandboxGateway } from '../../server/gateways/sandbox/sandbox.ts';
import { connectTo, globally, read } from '../../server/platform/database.ts';
import { createLog } from '../../server/platform/log.ts';
import type { Outside } from '../../server/tenancy/outside.ts';

/** A worker that looks at one organization until it is killed. Arguments: database, sandbox, organization's id. It says 'ready', begins on any message, and says how much memory it holds at the end. */
async function main([webUrl = '', sandboxUrl = '', tenantId = '']: readonly string[]): Promise<void> {
  connectTo(webUrl);
  const gateways = { sandbox: sandboxGateway(sandboxUrl, { timeoutMs: 500 }) };
  const outside = { production: false, port: 3000, baseDomain: 'localhost', keys: [Buffer.alloc(32, 7)], gateways, post: null, log: createLog(process.env['TEST_LOG'] ?? 'fatal') } as unknown as Outside;
  let peak = 0;
  setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 200).unref();
  process.on('message', () => void runAutopay(outside, tenantId).then(() => process.send?.({ peakMegabytes: Math.round(peak / 1e6) })));
  await globally(() => read('warm', 'select 1'));
  process.send?.('ready');
}

await main(process.argv.slice(2));
