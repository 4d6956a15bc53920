import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { NotFound } from '../platform/errors.ts';
import { readForm, refuse, uuid } from '../platform/forms.ts';
import { file, page, seeOther, type Page, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { again } from '../walk/walk.ts';
import { columns, nounNames } from './columns.ts';
import { sentence } from './row-errors.ts';
import { forgetLost, startInBackground } from './runs/background.ts';
import { beginRun, findRun, hasLostRuns, isImporting, listRuns, type ImportRun } from './runs/runs.ts';

const mostBytes = 50_000_000;
const mostShown = 100;

async function showImports(req: StaffRequest): Promise<Reply> {
  const after = uuid.safeParse(req.query['after']).data;
  const { runs, next } = await listRuns(after);
  return tidied(page('import/imports', { title: req.t('import.title'), nouns: nounNames, columns, runs, next, megabytes: mostBytes / 1e6 }));
}

async function startImport(req: StaffRequest): Promise<Reply> {
  const { noun } = readForm(z.object({ noun: z.enum(nounNames, 'import.no-noun') }), req.body, req.t);
  const upload = req.file;
  if (!upload) refuse('file', req.t('import.no-file'));
  const id = await again(req, async () => {
    await forgetLost();
    if (await isImporting()) refuse('', req.t('import.under-way'));
    return beginRun({ noun, fileName: upload.originalname, bytesTotal: upload.size, staff: req.staff });
  });
  await startInBackground({ tenantId: req.tenant.id, site: req.tenant.site, noun, file: upload.path }, id, req.log);
  return seeOther(`/staff/import/${id}`);
}

async function showImport(req: StaffRequest): Promise<Reply> {
  const run = await findOr404(req);
  const title = req.t('import.run-title', { noun: req.t(`import.noun-${run.noun}`), file: run.fileName });
  const errors = run.errors.slice(0, mostShown).map(({ line, column, ...error }) => ({ line, column, message: sentence({ line, column, ...error }, req.t) }));
  const isRunning = run.status === 'checking' || run.status === 'writing';
  // The page that asks again and again is then drawn anew as a whole, with the icons of its result.
  if (!isRunning && req.get('HX-Request')) req.res?.set('HX-Refresh', 'true');
  return tidied(page('import/import', { title, run, errors, isRunning }));
}

async function downloadErrors(req: StaffRequest): Promise<Reply> {
  const run = await findOr404(req);
  const rows = run.errors.map((error) => [run.fileName, error.line || '', error.column, sentence(error, req.t)]);
  const header = ['file', 'line', 'column', 'message'].map((name) => req.t(`import.${name}`));
  const make = async () => stringify([header, ...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
  return file({ name: `${run.noun}-errors.csv`, type: 'text/csv; charset=utf-8', make });
}

async function findOr404(req: StaffRequest): Promise<ImportRun> {
  const id = uuid.safeParse(req.params['id']).data;
  const run = id === undefined ? undefined : await findRun(id);
  if (!run) throw new NotFound('no such import');
  return run;
}

/** A page shows at once that a run's process has gone; afterwards it is written down. */
async function tidied(shown: Page): Promise<Page> {
  return (await hasLostRuns()) ? shown.note(forgetLost) : shown;
}

const area = 'import';
export const importRoutes = [
  get('/staff/import', showImports, { area }),
  post('/staff/import', startImport, { area, page: showImports, outside: true, upload: { field: 'file', bytes: mostBytes } }),
  get('/staff/import/:id', showImport, { area }),
  get('/staff/import/:id/errors.csv', downloadErrors, { area }),
];
