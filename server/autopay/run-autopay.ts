import { read } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';
import type { Outside } from '../tenancy/outside.ts';
import { demandTenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import { chargeAccount, columns, workCharge, type Charge, type Shop } from './charge-account.ts';

/** So many accounts of one organization are charged at the same time; each holds a connection only for moments. */
const lanes = 4;
const pageSize = 50;
const askAgainSeconds = 90;

/**
 * One look at one organization: begins the day's run once its hour has come, goes on with one that was interrupted, and carries on
 * every charge that is still open. Asks for another look while something is open. Any number may run at once.
 */
export async function runAutopay(outside: Outside, tenantId: string, now = new Date()): Promise<void> {
  const tenant = await demandTenant(tenantId);
  if (tenant.status !== 'active') return;
  const shop = { outside, tenant };
  const { site } = tenant;
  const day = site.hasAutopay ? dayOfRun(now, site.zone, site.autopayHour) : null;
  const run = day && (await withTenant(tenantId, () => openRun(day)));
  if (run) await workRun(shop, run);
  const left = site.gateway === 'none' ? 0 : await workOpenCharges(shop);
  if (left) await withTenant(tenantId, () => enqueue('autopay', { tenantId }, { key: `autopay again ${tenantId}`, at: new Date(Date.now() + askAgainSeconds * 1000) }));
}

/**
 * The calendar day whose run is due at that moment, or null before its hour. "From that hour on", not "in that hour": one that the
 * clock skips in spring, or in which nothing was running, is made up for; one that it repeats in autumn belongs to the same day.
 */
export function dayOfRun(now: Date, zone: string, hour: number): string | null {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(now).map(({ type, value }) => [type, value]));
  return Number(parts['hour']) >= hour ? `${parts['year']}-${parts['month']}-${parts['day']}` : null;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' });
  clocks.set(zone, clock);
  return clock;
}

interface Run extends Record<string, unknown> {
  readonly id: string;
  readonly runOn: string;
  readonly done: number;
  readonly after: string | null;
}

/** The day's run, unless it has ended. At most one per day: the second one to open it finds the first. */
async function openRun(day: string): Promise<Run | undefined> {
  const [known] = await read<{ ended: boolean }>('autopay-run-known', 'select ended_at is not null as ended from app.autopay_runs where run_on = $1', [day]);
  if (known?.ended) return undefined;
  if (!known) {
    await read('autopay-end-older', 'update app.autopay_runs set ended_at = now() where ended_at is null and run_on < $1::date', [day]);
    await read('autopay-open-run', `insert into app.autopay_runs (run_on, accounts_due) select $1, (select count(*) from ${toCharge}) on conflict (tenant_id, run_on) do nothing`, [day]);
  }
  const [run] = await read<Run>('autopay-run', 'select id, run_on as "runOn", accounts_done as done, last_account as after from app.autopay_runs where run_on = $1 and ended_at is null', [day]);
  return run;
}

/** Page by page in the order of ids, so that memory does not grow with the accounts; an interrupted run goes on after its last page. */
async function workRun(shop: Shop, run: Run): Promise<void> {
  const { outside, tenant } = shop;
  let after = run.after ?? firstId;
  let [done, failed] = [run.done, 0];
  for (;;) {
    const page = await withTenant(tenant.id, () => read<{ id: string }>('autopay-accounts', accountsText, [run.runOn, after]));
    await inLanes(page, ({ id }) => chargeAccount(shop, id, run.runOn).catch((error: unknown) => {
      failed += 1;
      outside.log.error({ err: error, tenant: tenant.slug, account: id }, 'autopay could not charge an account and will try it again');
    }));
    const last = page.at(-1);
    if (!last) break;
    [after, done] = [last.id, done + page.length];
    await withTenant(tenant.id, () => read('autopay-progress', 'update app.autopay_runs set last_account = greatest(last_account, $2), accounts_done = greatest(accounts_done, $3) where id = $1', [run.id, after, done]));
  }
  // Once more over all of them next time when some have failed: those that are done cost one question each.
  await withTenant(tenant.id, () => read('autopay-end-run', `update app.autopay_runs set last_account = case when $2 then null else last_account end, accounts_done = case when $2 then accounts_done else accounts_due end, ended_at = case when $2 then null else now() end where id = $1`, [run.id, failed > 0]));
}

const firstId = '00000000-0000-0000-0000-000000000000';

/** Accounts on autopay with something that is due by day $1; which of it is charged is decided account by account. */
const toCharge = `app.accounts a where a.autopay and a.stage in ('active', 'suspended') and exists (
    select 1 from app.visible_invoices i where (i.tenant_id, i.account_id) = (a.tenant_id, a.id)
       and i.paid_cents < i.total_cents and coalesce(i.due_on, i.issued_on) <= $1::date)`;
/** What has been planned that day is left to its open charges: an interrupted page is not walked again. */
const accountsText = `select a.id from ${toCharge} and a.id > $2 and not exists (
    select 1 from app.autopay_charges c where (c.tenant_id, c.account_id) = (a.tenant_id, a.id) and c.run_on = $1::date) order by a.id limit ${pageSize}`;

/** Returns how many are still open. */
async function workOpenCharges(shop: Shop): Promise<number> {
  let left = 0;
  for (let after = firstId; ;) {
    const page = await withTenant(shop.tenant.id, () => read<Charge>('autopay-open-charges', openText, [after]));
    await inLanes(page, async (charge) => {
      const isClosed = await workCharge(shop, charge).catch((error: unknown) => {
        shop.outside.log.error({ err: error, tenant: shop.tenant.slug, charge: charge.id }, 'an autopay charge could not be carried on');
        return false;
      });
      if (!isClosed) left += 1;
    });
    const last = page.at(-1);
    if (!last) return left;
    after = last.id;
  }
}

const openText = `select ${columns} from app.autopay_charges where closed_at is null and id > $1 order by id limit ${pageSize}`;

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  }));
}
