import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { checkInvariants } from '../../server/invariants/find-faults.ts';
import { hashPassword } from '../../server/passwords/hash-password.ts';
import { database } from '../../server/platform/postgres/roles.ts';
import { readPack } from '../../server/tenancy/create-tenant.ts';
import { asAdmin, openPlaces, shapeOf, type Places } from './places.ts';
import { ids, statements } from './seed-rows.ts';
import { packs } from './seed-tenants.ts';

/** How many organizations, accounts of each, and invoices of each account. */
export interface Size {
  readonly tenants: number;
  readonly accounts: number;
  readonly invoices: number;
  /** Lines in each organization's portal log. */
  readonly log: number;
}

/** What everybody in the benchmark's portals signs in with. */
export const password = 'the benchmark knows it';

/** Places whose database is filled, now or by an earlier run of the same shape. */
export async function openSeeded(name: string, size: Size, say: (line: string) => void): Promise<Places> {
  const shape = shapeFor(size);
  const places = await openPlaces(name, say, shape);
  if ((await shapeOf(places.adminUrl)) !== shape) await seed(places, size, shape, say);
  return places;
}

/** What a filled database depends on. Its days are counted from this month's first. */
function shapeFor(size: Size): string {
  const texts = ['seed-tenants.ts', 'seed-rows.ts'].map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));
  return createHash('sha256').update([...texts, ...packs.map((pack) => JSON.stringify(readPack(pack))), JSON.stringify(size), new Date().toISOString().slice(0, 7)].join('\n')).digest('hex').slice(0, 16);
}

/** Organizations by the product's own verb from the packs in turn, the rest in sets with ids that can be computed. */
async function seed(places: Places, size: Size, shape: string, say: (line: string) => void): Promise<void> {
  say(`Filling the database: ${size.tenants} organizations x ${size.accounts} accounts x ${size.invoices} invoices.`);
  await makeTenants(places, size.tenants);
  const hash = await hashPassword(password);
  await asAdmin(places.adminUrl, (client) => fill(client, size, hash));
  await demandRightMoney(places, say);
  await asAdmin(places.adminUrl, (client) => client.query(`comment on database ${database} is '${shape}'`));
}

/** In a process of its own: one process of the product knows one database, and a benchmark fills several. */
async function makeTenants({ webUrl }: Places, many: number): Promise<void> {
  const child = fork(path.join(import.meta.dirname, 'seed-tenants.ts'), [webUrl, String(many)]);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('the organizations could not be made: see above');
}

async function fill(client: Client, size: Size, hash: string): Promise<void> {
  // One by one the triggers would check and sum ten million rows; what they would have made is made below in sets.
  await client.query(`set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '512MB'`);
  await client.query(`create temp table tenant as select id, row_number() over (order by length(slug), slug)::int as t from app.tenants where slug like 'bench-%'`);
  await client.query(ids);
  for (const statement of statements) await client.query(statement.replaceAll(':accounts', String(size.accounts)).replaceAll(':invoices', String(size.invoices)).replaceAll(':log', String(size.log)).replaceAll(':hash', client.escapeLiteral(hash)));
  await client.query('vacuum (analyze, freeze)');
}

/** What was written past the triggers, by the product's own rules: no page is fast on rows that cannot be. */
async function demandRightMoney(places: Places, say: (line: string) => void): Promise<void> {
  const id = await asAdmin(places.adminUrl, async (client) => (await client.query<{ id: string }>(`select id from app.tenants where slug = 'bench-1'`)).rows[0]?.id ?? '');
  const { faults, rows } = await checkInvariants(places, [id]);
  if (faults[0]) throw new Error(`the seed is wrong: ${Object.values(faults[0]).join(' · ')}`);
  say(`Filled; ${rows.toLocaleString('en')} rows of one organization's money keep every rule.`);
}
