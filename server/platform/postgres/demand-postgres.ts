import { StartError } from '../../config.ts';

type Ask = (sql: string) => Promise<{ rows: { version?: string }[] }>;

/** `ask` connects when it has to. Throws StartError, by the name of the setting that holds the address, when no PostgreSQL answers there that can be used. */
export async function demandPostgres(setting: string, ask: Ask): Promise<void> {
  const { rows: [row] } = await ask(`select current_setting('server_version_num') as version`).catch((error: unknown) => {
    throw new StartError(`${setting} cannot be used (${reason(error)}): start that PostgreSQL or correct the address.`);
  });
  const version = Number(row?.version);
  if (version < 180_000) throw new StartError(`${setting} is a PostgreSQL ${Math.floor(version / 10_000)}: Portico needs version 18 or newer.`);
}

/** A host with several addresses fails with an AggregateError, whose own message is empty. */
function reason(error: unknown): string {
  const { message, errors } = error as AggregateError;
  return message || (errors[0] as Error).message;
}
