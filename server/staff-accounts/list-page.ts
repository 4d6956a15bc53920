import { readColumns } from '../custom-fields/values.ts';
import { fromCents } from '../money/money.ts';
import { figure, toCsv } from '../platform/csv.ts';
import { file, page, type Page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { together } from '../platform/together.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { countStages, filterForm, listAccounts, owingChoices, portalChoices, stages, type AccountFilter, type ListedAccount } from './list-accounts.ts';

const area = 'accounts';
const pageSize = 50;
const mostRows = 5000;

async function showAccounts(req: StaffRequest): Promise<Page> {
  const filter = filterOf(req);
  const [{ rows, next }, counts] = await together(() => listAccounts(filter, req.tenant.site.today(), pageSize), countStages);
  const isFiltered = Boolean(filter.q || filter.stage || filter.owing || filter.portal);
  return page('staff-accounts/list', {
    title: req.t('staff-accounts.title'), rows, next: next ? `${next.id} ${next.name}` : '', isFiltered, search: filter.q ?? '', counts, choices: { stages, owingChoices, portalChoices },
  });
}

async function downloadAccounts(req: StaffRequest): Promise<Reply> {
  const { site } = req.tenant;
  const { rows, next } = await listAccounts({ ...filterOf(req), after: undefined }, site.today(), mostRows);
  const columns = await readColumns(rows.map(({ id }) => id));
  if (!next) return file({ name: `${req.t('staff-accounts.file')}-${site.today()}.csv`, type: 'text/csv; charset=utf-8', make: async () => csvOf(rows, columns, req) });
  const list = await showAccounts(req);
  return page(list.view, { ...list.data, filterErrors: { stage: req.t('staff-accounts.too-long', { most: req.formats.number(mostRows) }) } }).withStatus(422);
}

function csvOf(rows: readonly ListedAccount[], { names, valuesOf }: Awaited<ReturnType<typeof readColumns>>, { t, tenant: { site } }: StaffRequest): string {
  const head = ['number', 'name', 'stage', 'contact', 'email', 'phone', 'owes', 'late', 'currency'].map((name) => t(`staff-accounts.csv-${name}`));
  const none = [{ currency: site.currency, cents: 0, lateCents: 0 }];
  return toCsv([...head, ...names], rows.flatMap((row) => (row.open.length ? row.open : none).map(({ currency, cents, lateCents }) => [
    row.number, row.name, t(`staff-accounts.stage-${row.stage}`), row.contact, row.email, row.phone, figure(fromCents(cents, currency)), figure(fromCents(lateCents, currency)), currency, ...valuesOf(row.id),
  ])));
}

function filterOf(req: StaffRequest): AccountFilter {
  return filterForm.safeParse(req.query).data ?? filterForm.parse({});
}

export const listRoutes = [get('/staff/accounts', showAccounts, { area }), get('/staff/accounts/export.csv', downloadAccounts, { area })];
