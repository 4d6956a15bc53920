import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { invoiceColumns, paymentColumns, ticketColumns, visitColumns } from '../columns.ts';
import { shapeOf, stateOf, writeCell, writeValue, type Figures, type List, type Row } from '../figures.ts';
import { fill, lookOf, type PageKit, type PageKits, type PageName } from '../kit.ts';
import { readTold } from '../told.ts';

/** (b) Bare HTTP: cookie and session as the product has them, ONE named statement, text put together from literals. */
const told = readTold();
const pool = new Pool({ connectionString: told.databaseUrl, max: 10, idleTimeoutMillis: 0 });
const redis = told.redisUrl ? await createClient({ url: told.redisUrl, commandOptions: { timeout: 0 } }).connect() : undefined;
const kits = JSON.parse(readFileSync(path.join(told.folder, 'kits.json'), 'utf8')) as Record<string, PageKits>;
/** The same as the product's, written down by the sample. */
const headers = JSON.parse(readFileSync(path.join(told.folder, 'headers.json'), 'utf8')) as Record<string, string>;

const list = (columns: string, rest: string) => `(select coalesce(jsonb_agg(one), '[]') from (select ${columns} from ${rest}) one)`;
const of = 'x where x.tenant_id = t.id and x.account_id = a.id';
const isOpen = 'x.paid_cents < x.total_cents';
/** The home page's lists; the list page has invoices alone. */
const lists: Readonly<Record<'home' | 'invoices', Readonly<Record<string, string>>>> = {
  home: {
    late: list(invoiceColumns, `app.invoices ${of} and x.status = 'sent' and ${isOpen} and x.due_on < current_date order by x.due_on, x.id limit 5`),
    newest: list(invoiceColumns, `app.invoices ${of} and x.status = 'sent' and (x.paid_cents >= x.total_cents or x.due_on >= current_date) order by x.issued_on desc, x.id desc limit 5`),
    payments: list(paymentColumns, `app.payments ${of} and x.state = 'succeeded' order by x.created_at desc, x.id desc limit 3`),
    visits: list(visitColumns, `app.visits ${of} and x.status = 'scheduled' order by x.starts_at, x.id limit 4`),
    tickets: list(ticketColumns, `app.tickets ${of} and x.state = 'open' order by x.id desc limit 5`),
  },
  invoices: { newest: list(invoiceColumns, `app.invoices ${of} and x.status = 'sent' order by x.issued_on desc, x.id desc limit 26`) },
};
/** What stands above the home page's lists and is not in them. */
const above = `
  (select jsonb_build_object('nextOn', x.due_on, 'nextCents', sum(x.total_cents - x.paid_cents)) from app.invoices ${of} and x.status = 'sent' and ${isOpen} and x.due_on >= current_date group by x.due_on order by x.due_on limit 1) as next,
  (select x.number from app.invoices ${of} and x.status = 'sent' order by x.issued_on desc, x.id desc limit 1) as "lastInvoice",`;
const text = (page: keyof typeof lists) => `
  select t.name as organization, a.name as account, concat_ws(' ', c.first_name, c.last_name) as person, l.login_id as email, t.zone, s.published,
         open.*, ${page === 'home' ? above : ''} jsonb_build_object(${Object.entries(lists[page]).map(([name, sql]) => `'${name}', ${sql}`).join(', ')}) as lists
    from app.tenants t join app.settings s on s.tenant_id = t.id
    join app.sign_ins g on g.tenant_id = t.id and g.id = $2 and g.ended_at is null and g.expires_at > now()
    join app.logins l on (l.tenant_id, l.id) = (t.id, g.login_ref)
    join app.contacts c on (c.tenant_id, c.login_ref) = (t.id, l.id) join app.accounts a on (a.tenant_id, a.id) = (t.id, c.account_id)
    cross join lateral (
      select count(*)::int as "openCount", coalesce(sum(x.total_cents - x.paid_cents), 0)::int as "openCents", min(x.due_on) filter (where x.due_on < current_date)::text as "lateSince",
             coalesce(sum(x.total_cents - x.paid_cents) filter (where x.due_on < current_date), 0)::int as "lateCents"
        from app.invoices ${of} and x.status = 'sent' and ${isOpen}) open
   where t.slug = $1 limit 1`;
/** One for each page. The sign-in page's is the organization with its settings. */
const statements = {
  'home': { name: 'home', text: text('home') },
  'invoices': { name: 'invoices', text: text('invoices') },
  'sign-in': { name: 'sign-in', text: 'select t.name as organization, s.published from app.tenants t join app.settings s on s.tenant_id = t.id where t.slug = $1' },
};

createServer((req, res) => void serve(req, res)).listen(told.port, '127.0.0.1');

async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const html = await answer(req);
  if (html) res.writeHead(200, { ...headers, 'X-Request-Id': randomUUID(), 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(html) }).end(html);
  else res.writeHead(303, { Location: '/login' }).end();
}

async function answer(req: IncomingMessage): Promise<string> {
  const slug = (req.headers.host ?? '').slice(0, -told.domain.length - 1);
  const signInId = await signInOf(req);
  const page: PageName = req.url === '/login' ? 'sign-in' : req.url === '/' ? 'home' : 'invoices';
  // Whoever is signed in is led to the home page, whoever is not to the sign-in page.
  if (Boolean(signInId) === (page === 'sign-in')) return '';
  const { rows: [found] } = await pool.query<Found>({ ...statements[page], values: page === 'sign-in' ? [slug] : [slug, signInId] });
  return found ? draw(page, slug, figuresOf(found)) : '';
}

/** As it is read: what is late and what is answered are one list of the page, the last payment is the first of another. */
interface Found extends Omit<Figures, 'lists'> {
  readonly next?: Pick<Figures, 'nextOn' | 'nextCents'> | null;
  readonly lists?: Readonly<Record<'newest', readonly Row[]> & Partial<Record<List | 'late', readonly Row[]>>>;
}

function figuresOf({ lists: found, next, ...read }: Found): Figures {
  if (!found) return { ...read, lists: {} };
  const { late, ...others } = found;
  if (!late) return { ...read, lists: { newest: found.newest.slice(0, 25) } };
  const [last] = found.payments ?? [];
  const tasks = [...late, ...(found.tickets ?? []).filter(({ waitsFor }) => waitsFor === 'customer')].slice(0, 8);
  return { ...read, ...next, lastPaidCents: last?.totalCents ?? null, lastPaidOn: last?.issuedOn ?? null, lists: { ...others, tasks } };
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

function draw(page: PageName, slug: string, figures: Figures): string {
  const kit = kits[lookOf(slug)]?.[page][shapeOf(figures.lists)];
  if (!kit) throw new Error(`no sample of ${page} of ${slug} as ${shapeOf(figures.lists)}`);
  return fill(kit.page, (name) => (name === 'slug' ? slug : name.startsWith('rows') ? rowsOf(kit, Number(name.slice(4)), figures) : writeValue(figures, name)));
}

function rowsOf(kit: PageKit, at: number, { lists: found, zone }: Figures): string {
  const shown = kit.lists[at];
  if (!shown) return '';
  return (found[shown.list] ?? []).map((row) => fill(shown.rows[stateOf(row)] ?? [], (name) => writeCell(row, name, zone))).join('\n');
}
