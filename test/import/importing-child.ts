import { runImport } from '../../server/import/runs/run-import.ts';
import { connectTo, globally, read } from '../../server/platform/database.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';

export interface Imported {
  readonly counts: string;
  /** The most that the process has ever held, as the system counts it. */
  readonly peakMegabytes: number;
  readonly milliseconds: number;
}

/** A process that does nothing but import one file of invoices, so that the memory it reports is the import's. Arguments: database, organization. 'ready' comes back, then what a message with a file's name led to. */
async function main([webUrl = '', slug = '']: readonly string[]): Promise<void> {
  connectTo(webUrl);
  const tenant = await findTenant(slug);
  if (!tenant) throw new Error(`no tenant ${slug}`);
  process.on('message', (file: string) => {
    const began = Date.now();
    void runImport({ tenantId: tenant.id, site: tenant.site, noun: 'invoices', file }, 'invoices.csv').then(({ status, created, updated, unchanged }) => process.send?.({
      counts: `${status}: ${created} created, ${updated} updated, ${unchanged} unchanged`,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      milliseconds: Date.now() - began,
    } satisfies Imported));
  });
  await globally(() => read('warm', 'select 1'));
  process.send?.('ready');
}

await main(process.argv.slice(2));
