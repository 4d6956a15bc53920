import { createHmac, randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { asAdmin, type Places } from './places.ts';
import type { Size } from './seed.ts';

export const secret = 'the secret of the benchmark, which nobody else has';
export const domain = 'bench.test';

/** Somebody who is signed in: one of 2,000 over all organizations. */
export interface Session {
  readonly tenantId: string;
  readonly slug: string;
  readonly accountId: string;
  /** How many the account has. */
  readonly invoices: number;
  /** What a browser behind a TLS proxy would send. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface People {
  readonly customers: readonly Session[];
  readonly owners: readonly Session[];
  /** The customers' browsers after their sessions have ended: a cookie that is signed well, and that the store no longer knows. */
  readonly returning: readonly Session[];
}

/** Signs customers and one owner of each organization in: rows and sessions as the product itself would have left them. */
export async function makeSessions(places: Places, size: Size): Promise<People> {
  const each = Math.min(size.accounts, Math.ceil(2000 / size.tenants));
  const step = Math.floor(size.accounts / each);
  const customers = await signIn(places, 'portal', `
    select t.id as tenant_id, t.slug, l.id as login_ref, null::uuid as staff_id, c.account_id
      from app.tenants t join app.logins l on l.tenant_id = t.id join app.contacts c on (c.tenant_id, c.login_ref) = (t.id, l.id) join app.accounts a on (a.tenant_id, a.id) = (t.id, c.account_id)
     where t.slug like 'bench-%' and (substr(a.number, 3)::int - 1) % ${step} = ((substr(a.number, 3)::int - 1) / ${step}) % ${Math.min(step, 5)}`);
  const owners = await signIn(places, 'staff', `
    select t.id as tenant_id, t.slug, null::uuid as login_ref, s.id as staff_id, null::uuid as account_id
      from app.tenants t join app.staff_users s on s.tenant_id = t.id where t.slug like 'bench-%'`);
  const of = (found: Omit<Session, 'invoices'>[]) => shuffled(found).map((one) => ({ ...one, invoices: size.invoices }));
  const returning = of(customers).map((one) => ({ ...one, headers: headersOf(one.slug, `__Host-portal=${signed(randomBytes(24).toString('base64url'), 'portal')}`) }));
  return { customers: of(customers), owners: of(owners), returning };
}

interface Found {
  readonly tenantId: string;
  readonly slug: string;
  readonly accountId: string;
  readonly signInId: string;
}

async function signIn(places: Places, cookie: 'portal' | 'staff', who: string): Promise<Omit<Session, 'invoices'>[]> {
  const found = await asAdmin(places.adminUrl, async (client) => {
    const { rows } = await client.query<Found>(`with who as (${who}), made as (
      insert into app.sign_ins (tenant_id, login_ref, staff_id, device, idle_minutes, expires_at)
      select tenant_id, login_ref, staff_id, 'Benchmark', 720, now() + interval '1 day' from who returning id, tenant_id, login_ref, staff_id)
      select made.id as "signInId", made.tenant_id as "tenantId", who.slug, who.account_id as "accountId"
        from made join who on made.tenant_id = who.tenant_id and (made.login_ref = who.login_ref or made.staff_id = who.staff_id)`);
    return rows;
  });
  const sessions = found.map((one) => ({ ...one, sid: randomBytes(24).toString('base64url') }));
  await keep(places, sessions);
  return sessions.map(({ sid, tenantId, slug, accountId }) => ({ tenantId, slug, accountId, headers: headersOf(slug, `__Host-${cookie}=${signed(sid, cookie)}`) }));
}

export function headersOf(slug: string, cookie?: string): Record<string, string> {
  return { host: `${slug}.${domain}`, 'x-forwarded-proto': 'https', ...(cookie && { cookie }) };
}

/** In the format of the product's own store. */
async function keep({ redisUrl, adminUrl }: Places, sessions: readonly (Found & { sid: string })[]): Promise<void> {
  const cookie = { originalMaxAge: null, expires: null, secure: true, httpOnly: true, path: '/', sameSite: 'lax' };
  const rows = sessions.map(({ sid, tenantId, signInId }) => ({ sid, text: JSON.stringify({ cookie, tenantId, signInId, csrfToken: randomBytes(32).toString('hex') }) }));
  if (redisUrl) {
    const client = createClient({ url: redisUrl });
    await client.connect();
    for (const { sid, text } of rows) await client.set(`portico:session:${sid}`, text, { expiration: { type: 'EX', value: 86_400 } });
    await client.close();
  } else {
    await asAdmin(adminUrl, (client) => client.query(`insert into app.sessions (sid, sess, expire) select sid, sess::json, now() + interval '1 day' from unnest($1::text[], $2::text[]) of (sid, sess)`, [rows.map(({ sid }) => sid), rows.map(({ text }) => text)]));
  }
}

function signed(sid: string, cookie: string): string {
  const mac = createHmac('sha256', `${cookie} ${secret}`).update(sid).digest('base64').replace(/=+$/, '');
  return encodeURIComponent(`s:${sid}.${mac}`);
}

/** In an order that is the same in each run. */
function shuffled<T>(list: readonly T[]): T[] {
  let state = 1;
  const keyed = list.map((item) => ({ item, key: (state = (state * 48_271) % 2_147_483_647) }));
  return keyed.toSorted((one, other) => one.key - other.key).map(({ item }) => item);
}
