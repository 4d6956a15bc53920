import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RedisStore } from 'connect-redis';
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import helmet from 'helmet';
import passport from 'passport';
import pg from 'pg';
import { createClient } from 'redis';
import { DataTypes, Op, Sequelize, type Model, type Order } from 'sequelize';
import { shapeOf, stateOf, today, writeCell, writeValue, type Figures, type Row } from '../figures.ts';
import { lookOf, type PageKit, type PageKits, type PageName, type Template } from '../kit.ts';
import { readTold } from '../told.ts';

/** (c) The page as most people would write it: helmet, sessions, passport, models with includes, res.render. Frozen: it is not made faster. */
declare module 'express-session' {
  interface SessionData {
    passport: { user: string };
  }
}
const told = readTold();
const sequelize = new Sequelize(told.databaseUrl, { dialect: 'postgres', dialectModule: pg, schema: 'app', logging: false, pool: { max: 10 }, define: { underscored: true, timestamps: false } });
const id = () => ({ type: DataTypes.UUID, primaryKey: true });
const Tenant = sequelize.define('tenant', { id: id(), slug: DataTypes.TEXT, name: DataTypes.TEXT, status: DataTypes.TEXT, zone: DataTypes.TEXT });
const Settings = sequelize.define('settings', { tenantId: id(), published: DataTypes.JSONB, version: DataTypes.INTEGER }, { freezeTableName: true });
const SignIn = sequelize.define('sign_in', { id: id(), tenantId: DataTypes.UUID, loginRef: DataTypes.UUID, expiresAt: DataTypes.DATE, endedAt: DataTypes.DATE });
const Login = sequelize.define('login', { id: id(), tenantId: DataTypes.UUID, loginId: DataTypes.TEXT, email: DataTypes.TEXT, locale: DataTypes.TEXT });
const Contact = sequelize.define('contact', { id: id(), tenantId: DataTypes.UUID, accountId: DataTypes.UUID, loginRef: DataTypes.UUID, firstName: DataTypes.TEXT, lastName: DataTypes.TEXT, email: DataTypes.TEXT });
const Account = sequelize.define('account', { id: id(), tenantId: DataTypes.UUID, number: DataTypes.TEXT, name: DataTypes.TEXT, stage: DataTypes.TEXT });
const InvoiceModel = sequelize.define('invoice', {
  id: id(), tenantId: DataTypes.UUID, accountId: DataTypes.UUID, number: DataTypes.TEXT, status: DataTypes.TEXT, issuedOn: DataTypes.DATEONLY, dueOn: DataTypes.DATEONLY,
  currency: DataTypes.TEXT, totalCents: DataTypes.BIGINT, paidCents: DataTypes.BIGINT, memo: DataTypes.TEXT,
});
const Payment = sequelize.define('payment', { id: id(), tenantId: DataTypes.UUID, accountId: DataTypes.UUID, number: DataTypes.TEXT, state: DataTypes.TEXT, amountCents: DataTypes.BIGINT, currency: DataTypes.TEXT, paidOn: DataTypes.DATEONLY, createdAt: DataTypes.DATE });
const Resource = sequelize.define('resource', { id: id(), tenantId: DataTypes.UUID, name: DataTypes.TEXT });
const Visit = sequelize.define('visit', { id: id(), tenantId: DataTypes.UUID, accountId: DataTypes.UUID, number: DataTypes.TEXT, title: DataTypes.TEXT, status: DataTypes.TEXT, startsAt: DataTypes.DATE, endsAt: DataTypes.DATE, resourceId: DataTypes.UUID });
const Ticket = sequelize.define('ticket', { id: id(), tenantId: DataTypes.UUID, accountId: DataTypes.UUID, number: DataTypes.TEXT, category: DataTypes.TEXT, body: DataTypes.TEXT, state: DataTypes.TEXT, waitsFor: DataTypes.TEXT, createdAt: DataTypes.DATE });
Tenant.hasOne(Settings, { foreignKey: 'tenantId' });
SignIn.belongsTo(Login, { foreignKey: 'loginRef' });
Login.hasMany(Contact, { foreignKey: 'loginRef' });
Account.hasMany(InvoiceModel, { as: 'newest', foreignKey: 'accountId' });
Account.hasMany(InvoiceModel, { as: 'open', foreignKey: 'accountId' });
Account.hasMany(Payment, { foreignKey: 'accountId' });
Account.hasMany(Visit, { foreignKey: 'accountId' });
Visit.belongsTo(Resource, { foreignKey: 'resourceId' });
Account.hasMany(Ticket, { foreignKey: 'accountId' });

const kits = JSON.parse(readFileSync(path.join(told.folder, 'kits.json'), 'utf8')) as Record<string, PageKits>;
const views = path.join(told.folder, 'views');
mkdirSync(views, { recursive: true });
for (const [slug, pages] of Object.entries(kits)) {
  for (const [page, shapes] of Object.entries(pages)) for (const [at, kit] of Object.values(shapes).entries()) writeViews(`${slug}-${page}-${at}`, kit);
}

const app = express();
app.set('view engine', 'ejs').set('views', views).enable('view cache').set('trust proxy', 1);
app.use(helmet());
const PgStore = connectPgSimple(session);
const store = told.redisUrl ? new RedisStore({ client: await createClient({ url: told.redisUrl }).connect(), prefix: 'portico:session:' }) : new PgStore({ conString: told.databaseUrl, schemaName: 'app', tableName: 'sessions' });
app.use(session({ name: '__Host-portal', secret: `portal ${told.secret}`, store, resave: false, saveUninitialized: false, cookie: { secure: true, path: '/' } }));
app.use((req, _res, next) => {
  const { signInId } = req.session as unknown as { signInId?: string };
  if (signInId) req.session.passport = { user: signInId };
  next();
});
passport.serializeUser((user, done) => done(null, (user as { id: string }).id));
passport.deserializeUser((signInId: string, done) => {
  SignIn.findOne({ where: { id: signInId, endedAt: null }, include: { model: Login, include: [Contact] } }).then((found) => done(null, found ?? false), done);
});
app.use(passport.initialize(), passport.session());
app.use(async (req, res, next) => {
  res.locals['tenant'] = await Tenant.findOne({ where: { slug: req.hostname.slice(0, -told.domain.length - 1) }, include: Settings });
  next();
});
app.get('/login', (_req, res) => render(res, 'sign-in', { organization: nameOf(res), lists: {} } as Figures));
app.get('/', async (req, res) => show(req, res, 'home', 5));
app.get('/invoices', async (req, res) => show(req, res, 'invoices', 25));
app.listen(told.port, '127.0.0.1');

async function show(req: express.Request, res: express.Response, page: 'home' | 'invoices', limit: number): Promise<void> {
  const tenantId = (res.locals['tenant'] as Model | null)?.get('id') as string;
  const signIn = req.user as (Model & { login: Model & { contacts: Model[] } }) | undefined;
  if (!signIn || signIn.get('tenantId') !== tenantId) return res.redirect(303, '/login');
  const contact = signIn.login.contacts[0];
  const mine = { tenantId, status: 'sent' };
  const newest = page === 'home' ? { ...mine, [Op.or]: [{ paidCents: { [Op.gte]: sequelize.col('total_cents') } }, { dueOn: { [Op.gte]: today } }] } : mine;
  const account = await Account.findOne({
    where: { tenantId, id: contact?.get('accountId') as string },
    include: [
      { model: InvoiceModel, as: 'newest', where: newest, required: false, separate: true, order: [['issuedOn', 'DESC'], ['id', 'DESC']], limit },
      { model: InvoiceModel, as: 'open', where: { ...mine, paidCents: { [Op.lt]: sequelize.col('total_cents') } }, required: false, separate: true, order: ['dueOn'] },
      { model: Payment, where: { tenantId, state: 'succeeded' }, required: false, separate: true, order: [['createdAt', 'DESC']], limit: 3 },
      ...(page === 'home' ? [
        { model: Visit, where: { tenantId, status: 'scheduled' }, required: false, separate: true, order: ['startsAt'] as Order, limit: 4, include: [Resource] },
        { model: Ticket, where: { tenantId, state: 'open' }, required: false, separate: true, order: [['id', 'DESC']] as Order, limit: 5 },
      ] : []),
    ],
  }) as Found | null;
  if (!account) return res.redirect(303, '/login');
  const late = account.open.filter((invoice) => invoice.dueOn < today);
  const next = account.open.filter((invoice) => invoice.dueOn >= today && invoice.dueOn === account.open.find(({ dueOn }) => dueOn >= today)?.dueOn);
  const tickets = (account.tickets ?? []).map((ticket) => ({ ...ticket.get() as Row, createdAt: (ticket.get('createdAt') as Date).toISOString() }));
  const [last] = account.payments;
  const newestOnes = account.newest.map(asRow);
  render(res, page, {
    organization: nameOf(res), account: account.get('name') as string, person: `${String(contact?.get('firstName'))} ${String(contact?.get('lastName'))}`, email: signIn.login.get('loginId') as string,
    zone: (res.locals['tenant'] as Model).get('zone') as string, openCount: account.open.length, openCents: sumOf(account.open), lateCents: sumOf(late), lateSince: late[0]?.dueOn ?? null,
    nextCents: next[0] ? sumOf(next) : null, nextOn: next[0]?.dueOn ?? null, lastPaidCents: last ? Number(last.amountCents) : null, lastPaidOn: last?.paidOn ?? null, lastInvoice: lastOf([...account.newest, ...account.open])?.number ?? null,
    lists: page === 'invoices' ? { newest: newestOnes } : {
      tasks: [...late.slice(0, 5).map(asRow), ...tickets.filter(({ waitsFor }) => waitsFor === 'customer')].slice(0, 8), newest: newestOnes, tickets,
      payments: account.payments.map((payment) => asRow({ ...payment.get(), totalCents: payment.amountCents, paidCents: payment.amountCents, issuedOn: payment.paidOn })),
      visits: (account.visits ?? []).map((visit) => ({ ...visit.get() as Row, resource: visit.resource?.get('name') as string })),
    },
  });
}

const sumOf = (invoices: readonly Counted[]) => invoices.reduce((sum, invoice) => sum + Number(invoice.totalCents) - Number(invoice.paidCents), 0);
const lastOf = (invoices: readonly Counted[]) => invoices.toSorted((one, other) => one.issuedOn.localeCompare(other.issuedOn)).at(-1);
const nameOf = (res: express.Response) => (res.locals['tenant'] as Model).get('name') as string;

function render(res: express.Response, page: PageName, figures: Figures): void {
  const slug = (res.locals['tenant'] as Model).get('slug') as string;
  const at = Object.keys(kits[lookOf(slug)]?.[page] ?? {}).indexOf(shapeOf(figures.lists));
  res.render(`${lookOf(slug)}-${page}-${at}`, { figures: { ...figures, slug }, lists: figures.lists, zone: figures.zone, stateOf, writeCell, writeValue });
}

type Found = Model & { newest: Counted[]; open: Counted[]; payments: (Model & { amountCents: string; paidOn: string })[]; visits?: (Model & { resource?: Model })[]; tickets?: Model[] };

/** Sequelize gives BIGINT as text. */
type Counted = { readonly number: string; readonly totalCents: string; readonly paidCents: string; readonly issuedOn: string; readonly dueOn: string };
const asRow = (row: object) => {
  const { number, issuedOn, dueOn, totalCents, paidCents } = row as Counted;
  return { number, issuedOn, dueOn, totalCents: Number(totalCents), paidCents: Number(paidCents) };
};

/** The templates as EJS files with a partial for each kind of row. */
function writeViews(name: string, kit: PageKit): void {
  const body = asEjs(kit.page, (value) => (value.startsWith('rows') ? `<%- include('${name}-${value}', { rows: lists.${kit.lists[Number(value.slice(4))]?.list ?? 'newest'} }) %>` : `<%- writeValue(figures, '${value}') %>`));
  writeFileSync(path.join(views, `${name}.ejs`), body);
  for (const [at, list] of kit.lists.entries()) {
    const cases = Object.entries(list.rows).map(([state, row]) => `<% if (state === '${state}') { %>${asEjs(row, (column) => `<%- writeCell(row, '${column}', zone) %>`)}<% } %>`).join('\n');
    const known = Object.keys(list.rows);
    writeFileSync(path.join(views, `${name}-rows${at}.ejs`), `<% for (const row of rows) { const is = stateOf(row); const state = ${JSON.stringify(known)}.includes(is) ? is : '${known[0]}'; %>${cases}<% } %>`);
  }
}

function asEjs(template: Template, tag: (value: string) => string): string {
  return template.map((part, at) => (at % 2 ? tag(part) : part.replaceAll('<%', '<%%'))).join('');
}
