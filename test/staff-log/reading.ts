import { Client } from 'pg';
import { testPortal } from '../support/portal.ts';
import type { Visitor } from '../support/visitor.ts';
import { sql, type World } from '../support/world.ts';

export const report = '/staff/reports/portal-log';

export interface ReportLine {
  readonly at: string;
  readonly account: string;
  readonly contact: string;
  readonly userId: string;
  readonly email: string;
  readonly message: string;
}

/** The six columns of each line, as somebody reads them. */
export function linesOf(html: string): ReportLine[] {
  const [, body = ''] = /<table class="list is-log"[^]*?<tbody>([^]*?)<\/tbody>/.exec(html) ?? [];
  return [...body.matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row = '']) => {
    const [at = '', account = '', contact = '', userId = '', email = '', message = ''] = [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = '']) => wordsOf(cell));
    return { at, account, contact, userId, email, message };
  });
}

/** What hangs below the message (who, why) is not of the exact text. */
const wordsOf = (cell: string) => cell.replace(/<span class="left">[^]*?<\/span>/g, '').replace(/<[^>]+>/g, '').replaceAll('&amp;', '&').replaceAll('&#39;', "'").trim();

export async function search(staff: Visitor, criteria: Readonly<Record<string, string>> = {}): Promise<ReportLine[]> {
  return linesOf((await staff.get(`${report}?${new URLSearchParams(criteria).toString()}`)).text);
}

/** A line as it was written at some time in the past. */
export async function logged(world: World, at: string, message: string, columns: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const row = { kind: 'sign-in', at, message, ...columns };
  await sql(world, `insert into app.portal_log (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, place) => `$${place + 1}`).join(', ')})`, Object.values(row));
}

/** As the database's own upkeep does: the roles of the portal may not. */
export async function analyze(table: string): Promise<void> {
  const client = new Client({ connectionString: (await testPortal()).database.adminUrl });
  await client.connect();
  await client.query(`analyze app.${table}`);
  await client.end();
}

/** Every page from here on, in order. */
export async function allPages(staff: Visitor, from: string): Promise<ReportLine[]> {
  const seen: ReportLine[] = [];
  for (let path = from; path; ) {
    const { text } = await staff.get(path);
    seen.push(...linesOf(text));
    path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  }
  return seen;
}
