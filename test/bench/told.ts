/** What a variant's process is told. In a file of its own: whatever a variant imports counts as its start. */
export interface Told {
  readonly port: number;
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  readonly workerUrl: string;
  readonly redisUrl: string | undefined;
  readonly smtpUrl?: string;
  readonly sandboxUrl?: string;
  readonly secret: string;
  readonly domain: string;
  readonly folder: string;
}

/** It ends with the process that has started it, however that ends; an exit, unlike a kill, writes what was compiled into the cache. */
export function readTold(): Told {
  process.once('disconnect', () => process.exit());
  return JSON.parse(process.env['BENCH'] ?? '{}') as Told;
}
