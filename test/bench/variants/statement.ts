import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { escape, stateOf, writeDay, writeMoney, type Figures, type Invoice } from '../figures.ts';
import { fill, lookOf, type PageKit, type PageName } from '../kit.ts';
import { readTold } from '../processes.ts';

/** (b) Bare HTTP: cookie and session as the product has them, ONE named statement, text put together from literals. */
const told = readTold();
const pool = new Pool({ connectionString: told.databaseUrl, max: 10, idleTimeoutMillis: 0 });
const redis = told.redisUrl ? await createClient({ url: told.redisUrl }).connect() : undefined;
const kits = JSON.parse(readFileSync(path.join(told.folder, 'kits.json'), 'utf8')) as Record<string, Record<PageName, PageKit>>;
/** The same as the product's, written down by the sample. */
const headers = JSON.parse(readFileSync(path.join(told.folder, 'headers.json'), 'utf8')) as Record<string, string>;
const today = new Date().toISOString().slice(0, 10);

const columns = `i.number, i.total_cents::int as "totalCents", i.paid_cents::int as "paidCents", i.issued_on as "issuedOn", i.due_on as "dueOn"`;
const text = (page: PageName) => `
  select a.name as account, concat_ws(' ', c.first_name, c.last_name) as person, l.login_id as email, s.published,
         (select coalesce(sum(total_cents - paid_cents), 0)::int from app.invoices i where i.tenant_id = t.id and i.account_id = a.id and i.status = 'sent' and i.paid_cents < i.total_cents) as "openCents",
         ${page === 'home' ? `(select coalesce(jsonb_agg(late), '[]') from (select ${columns} from app.invoices i where i.tenant_id = t.id and i.account_id = a.id and i.status = 'sent'
            and i.paid_cents < i.total_cents and i.due_on < current_date order by i.due_on, i.id limit 5) late)` : `'[]'::jsonb`} as late,
         (select coalesce(jsonb_agg(newest), '[]') from (select ${columns} from app.invoices i where i.tenant_id = t.id and i.account_id = a.id and i.status = 'sent'
            ${page === 'home' ? 'and (i.paid_cents >= i.total_cents or i.due_on >= current_date)' : ''} order by i.issued_on desc, i.id desc limit ${page === 'home' ? 5 : 26}) newest) as newest
    from app.tenants t join app.settings s on s.tenant_id = t.id
    join app.sign_ins g on g.tenant_id = t.id and g.id = $2 and g.ended_at is null and g.expires_at > now()
    join app.logins l on (l.tenant_id, l.id) = (t.id, g.login_ref)
    join app.contacts c on (c.tenant_id, c.login_ref) = (t.id, l.id) join app.accounts a on (a.tenant_id, a.id) = (t.id, c.account_id)
   where t.slug = $1 limit 1`;
const statements = { home: { name: 'home', text: text('home') }, invoices: { name: 'invoices', text: text('invoices') } };

createServer((req, res) => void serve(req, res)).listen(told.port, '127.0.0.1');

async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const html = await answer(req);
  if (html) res.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(html), 'Cache-Control': 'no-store' }).end(html);
  else res.writeHead(303, { Location: '/login' }).end();
}

async function answer(req: IncomingMessage): Promise<string> {
  const slug = (req.headers.host ?? '').slice(0, -told.domain.length - 1);
  if (!(await isKnown(slug))) return '';
  const kit = kits[lookOf(slug)] ?? {} as Record<PageName, PageKit>;
  if (req.url === '/login') return fill(kit['sign-in'].page, () => '');
  const signInId = await signInOf(req);
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

function rowsOf(kit: PageKit, at: number, figures: Figures): string {
  const table = kit.tables[at];
  if (!table) return '';
  const any = Object.values(table.rows)[0] ?? [];
  return figures[table.list].slice(0, 25).map((invoice) => fill(table.rows[stateOf(invoice, today)] ?? any, (name) => written(invoice, name))).join('\n');
}

function written(invoice: Invoice, name: string): string {
  if (name === 'number') return escape(invoice.number);
  if (name === 'total') return writeMoney(invoice.totalCents);
  return writeDay(name === 'issuedOn' ? invoice.issuedOn : invoice.dueOn);
}
