import { Client } from 'pg';

export const database = 'portico';

/** Migrations run as the owner; pages run as web, which owns nothing; the job queue belongs to worker. */
export const roles = { owner: 'portico_owner', web: 'portico_web', worker: 'portico_worker' } as const;

export type RolePasswords = Readonly<Record<keyof typeof roles, string>>;

/** Makes the three roles and the database, or brings them to this state; adminUrl must be a superuser's. */
export async function createRoles(adminUrl: string, passwords: RolePasswords): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const key of ['owner', 'web', 'worker'] as const) await createRole(client, roles[key], passwords[key]);
    // The owner may hand the queue's functions to the worker, but works with rights of its own only.
    await client.query(`grant ${roles.worker} to ${roles.owner} with inherit false, set true`);
    await createDatabase(client);
  } finally {
    await client.end();
  }
}

async function createRole(client: Client, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
  await client.query(`${rowCount ? 'alter' : 'create'} role ${name} ${rights} password ${client.escapeLiteral(password)}`);
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
  if (!rowCount) await client.query(`create database ${database} owner ${roles.owner}`);
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to ${roles.web}, ${roles.worker}`);
  // Imports check their rows in a temporary table before they write them.
  await client.query(`grant temporary on database ${database} to ${roles.web}`);
  // The queue makes its own two schemas, graphile_worker and jobs, and owns nothing else.
  await client.query(`grant create on database ${database} to ${roles.worker}`);
}
