import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { invoiceColumns, paymentColumns, ticketColumns, visitColumns } from '../columns.ts';
import { escape, stateOf, writeCell, writeMoney, type Figures, type List } from '../figures.ts';
import { fill, lookOf, type PageKit, type PageName } from '../kit.ts';
import { readTold } from '../told.ts';

/** (b) Bare HTTP: cookie and session as the product has them, ONE named statement, text put together from literals. */
const told = readTold();
const pool = new Pool({ connectionString: told.databaseUrl, max: 10, idleTimeoutMillis: 0 });
const redis = told.redisUrl ? await createClient({ url: told.redisUrl }).connect() : undefined;
const kits = JSON.parse(readFileSync(path.join(told.folder, 'kits.json'), 'utf8')) as Record<string, Record<PageName, PageKit>>;
/** The same as the product's, written down by the sample. */
const headers = JSON.parse(readFileSync(path.join(told.folder, 'headers.json'), 'utf8')) as Record<string, string>;
const today = new Date().toISOString().slice(0, 10);

const list = (columns: string, rest: string) => `(select coalesce(jsonb_agg(one), '[]') from (select ${columns} from ${rest}) one)`;
const of = 'x where x.tenant_id = t.id and x.account_id = a.id';
const isOpen = 'x.paid_cents < x.total_cents';
/** The home page's lists; the list page has invoices alone. */
const lists: Readonly<Record<'home' | 'invoices', Readonly<Partial<Record<List, string>>>>> = {
  home: {
    late: list(invoiceColumns, `app.invoices ${of} and x.status = 'sent' and ${isOpen} and x.due_on < current_date order by x.due_on, x.id limit 5`),
    newest: list(invoiceColumns, `app.invoices ${of} and x.status = 'sent' and (x.paid_cents >= x.total_cents or x.due_on >= current_date) order by x.issued_on desc, x.id desc limit 5`),
    payments: list(paymentColumns, `app.payments ${of} and x.state = 'succeeded' order by x.created_at desc, x.id desc limit 3`),
    visits: list(visitColumns, `app.visits ${of} and x.status = 'scheduled' order by x.starts_at, x.id limit 4`),
    tickets: list(ticketColumns, `app.tickets ${of} and x.state = 'open' order by x.id desc limit 5`),
  },
  invoices: { newest: list(invoiceColumns, `app.invoices ${of} and x.status = 'sent' order by x.issued_on desc, x.id desc limit 26`) },
};
const text = (page: keyof typeof lists) => `
  select a.name as account, concat_ws(' ', c.first_name, c.last_name) as person, l.login_id as email, t.zone, s.published,
         (select coalesce(sum(x.total_cents - x.paid_cents), 0)::int from app.invoices ${of} and x.status = 'sent' and ${isOpen}) as "openCents",
         jsonb_build_object(${Object.entries(lists[page]).map(([name, sql]) => `'${name}', ${sql}`).join(', ')}) as lists
    from app.tenants t join app.settings s on s.tenant_id = t.id
    join app.sign_ins g on g.tenant_id = t.id and g.id = $2 and g.ended_at is null and g.expires_at > now()
    join app.logins l on (l.tenant_id, l.id) = (t.id, g.login_ref)
    join app.contacts c on (c.tenant_id, c.login_ref) = (t.id, l.id) join app.accounts a on (a.tenant_id, a.id) = (t.id, c.account_id)
   where t.slug = $1 limit 1`;
const statements = { home: { name: 'home', text: text('home') }, invoices: { name: 'invoices', text: text('invoices') } };

createServer((req, res) => void serve(req, res)).listen(told.port, '127.0.0.1');

async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const html = await answer(req);
  if (html) res.writeHead(200, { ...headers, 'X-Request-Id': randomUUID(), 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(html) }).end(html);
  else res.writeHead(303, { Location: '/login' }).end();
}

async function answer(req: IncomingMessage): Promise<string> {
  const slug = (req.headers.host ?? '').slice(0, -told.domain.length - 1);
  if (!(await isKnown(slug))) return '';
  const kit = kits[lookOf(slug)] ?? {} as Record<PageName, PageKit>;
  const signInId = await signInOf(req);
  // Whoever is signed in is led to the home page.
  if (req.url === '/login') return signInId ? '' : fill(kit['sign-in'].page, () => '');
  const page = req.url === '/' ? 'home' : 'invoices';
  if (!signInId) return '';
  const { rows: [figures] } = await pool.query<Figures>({ ...statements[page], values: [slug, signInId] });
  return figures ? draw(kit[page], figures) : '';
}

/** Organizations by host, kept as the product keeps them. */
const known = new Map<string, boolean>();

async function isKnown(slug: string): Promise<boolean> {
  if (!known.has(slug)) known.set(slug, Boolean((await pool.query({ name: 'tenant', text: 'select from app.tenants where slug = $1', values: [slug] })).rowCount));
  return known.get(slug) ?? false;
}

async function signInOf(req: IncomingMessage): Promise<string | undefined> {
  if (!req.headers.cookie) return undefined;
  const [, sid = '', mac = ''] = /__Host-portal=s:([^.]+)\.([^;]+)/.exec(decodeURIComponent(req.headers.cookie ?? '')) ?? [];
  const right = createHmac('sha256', `portal ${told.secret}`).update(sid).digest('base64').replace(/=+$/, '');
  if (mac.length !== right.length || !timingSafeEqual(Buffer.from(mac), Buffer.from(right))) return undefined;
  if (redis) return (JSON.parse(await redis.get(`portico:session:${sid}`) ?? '{}') as { signInId?: string }).signInId;
  const { rows } = await pool.query<{ sess: { signInId: string } }>({ name: 'session', text: 'select sess from app.sessions where sid = $1 and expire > now()', values: [sid] });
  return rows[0]?.sess.signInId;
}

function draw(kit: PageKit, figures: Figures): string {
  const values: Record<string, string> = { account: escape(figures.account), person: escape(figures.person), email: escape(figures.email), balance: writeMoney(figures.openCents) };
  return fill(kit.page, (name) => (name.startsWith('rows') ? rowsOf(kit, Number(name.slice(4)), figures) : values[name] ?? ''));
}

function rowsOf(kit: PageKit, at: number, { lists: found, zone }: Figures): string {
  const shown = kit.lists[at];
  if (!shown) return '';
  const any = Object.values(shown.rows)[0] ?? [];
  return (found[shown.list] ?? []).slice(0, 25).map((row) => fill(shown.rows[stateOf(row, today)] ?? any, (name) => writeCell(row, name, zone))).join('\n');
}
