import { z } from 'zod';
import { list, readForm, refuse } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import { allColumns, columnsOf, shownColumns } from './columns.ts';
import { exportRoutes } from '../usage-exports/routes.ts';
import { readQuery } from './filter.ts';
import { readColumnsAndChart } from './usage-chart.ts';
import { readChosenColumns, readUsages, rememberColumns } from './usage.ts';

const pageSize = 25;

async function showUsages(req: CustomerRequest): Promise<Reply> {
  const { site } = req.tenant;
  const { filter, after, errors, asked } = readQuery(req.query, req.t);
  const found = await readUsages({ accountId: req.account.id, zone: site.zone, filter, size: pageSize, after });
  const last = found.length > pageSize ? found[pageSize - 1] : undefined;
  // The chart is about everything: it stands on the first page only.
  const { columns, chart } = asked || after ? { columns: await readChosenColumns(req.person.loginRef), chart: undefined } : await readColumnsAndChart(req);
  return page('usages/list', {
    title: req.t('usages.title'),
    rows: found.slice(0, pageSize),
    next: last ? `${last.usedOn}_${last.id}` : '',
    columns: shownColumns(site, columns),
    possible: columnsOf(site),
    filterErrors: errors,
    filtered: asked !== '',
    asked,
    chart,
  });
}

/** S3-23. The address keeps the filter, which is what the reader comes back to. */
async function saveColumns(req: CustomerRequest): Promise<Reply> {
  const { columns, usual } = readForm(columnsForm, req.body, req.t);
  if (!usual && !columns.length) refuse('columns', req.t('usages.choose-a-column'));
  await rememberColumns(req.person.loginRef, usual ? null : columns);
  setFlash(req, 'success', req.t('usages.view-saved'));
  return seeOther(`/usages${readQuery(req.query, req.t).asked}`);
}

const columnsForm = z.object({ columns: list(z.enum(allColumns, 'forms.wrong'), allColumns.length), usual: z.literal('yes', 'forms.wrong').optional() });

export const usageRoutes = [get('/usages', showUsages), post('/usages', saveColumns, { page: showUsages }), ...exportRoutes];
