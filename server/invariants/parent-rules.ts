import type { Client } from 'pg';
import type { Rule } from './rule.ts';

/** One rule for each foreign key between walled tables: behind the wall every row sees its parent, whatever the constraint was told. */
export async function parentRules(owner: Client): Promise<Rule[]> {
  const { rows } = await owner.query<{ child: string; parent: string; child_columns: string[]; parent_columns: string[] }>(foreignKeys);
  const ofKeys = rows.map(({ child, parent, child_columns: own, parent_columns: theirs }) => {
    const isMeant = own.map((column) => `c.${column} is not null`).join(' and ');
    const isSame = own.map((column, at) => `p.${theirs[at]} = c.${column}`).join(' and ');
    return orphans(child, parent, `${isMeant} and not exists (select from ${parent} p where ${isSame})`);
  });
  return [...ofKeys, ...ofSources, ...ofAccounts];
}

const foreignKeys = `select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
    array(select a.attname::text from unnest(k.conkey) with ordinality c (num, at) join pg_attribute a on (a.attrelid, a.attnum) = (k.conrelid, c.num) order by c.at) as child_columns,
    array(select a.attname::text from unnest(k.confkey) with ordinality c (num, at) join pg_attribute a on (a.attrelid, a.attnum) = (k.confrelid, c.num) order by c.at) as parent_columns
  from pg_constraint k join pg_class r on r.oid = k.confrelid where k.contype = 'f' and k.connamespace = 'app'::regnamespace and r.relrowsecurity order by 1, 2, k.conname`;

/** What a journal is about has no foreign key: it may be one of several tables. */
const ofSources: readonly Rule[] = Object.entries({
  'app.invoices': `c.kind in ('invoice', 'invoice_void')`, 'app.payments': `c.kind = 'payment'`, 'app.credits': `c.kind in ('credit', 'credit_void')`, 'app.allocations': `c.kind = 'apply'`,
}).map(([parent, kinds]) => orphans('app.journals', parent, `${kinds} and not exists (select from ${parent} p where (p.id, p.account_id) = (c.source_id, c.account_id))`));

/** The wall between accounts of one organization stands on these copies of the account. */
const ofAccounts: readonly Rule[] = [
  ['app.invoice_lines', 'app.invoices', 'invoice_id'], ['app.allocations', 'app.invoices', 'invoice_id'], ['app.allocations', 'app.payments', 'payment_id'],
  ['app.allocations', 'app.credits', 'credit_id'], ['app.ledger_entries', 'app.journals', 'journal_id'], ['app.payments', 'app.payment_methods', 'method_id'],
].map(([child = '', parent = '', column = '']) => ({
  id: 'I7', name: `${bare(child)}: a row belongs to another account than its row in ${bare(parent)}`,
  sql: `select c.id::text as object, c.account_id || ' instead of ' || p.account_id as detail from ${child} c join ${parent} p on p.id = c.${column} where p.account_id <> c.account_id`,
}));

function orphans(child: string, parent: string, condition: string): Rule {
  return { id: 'I7', name: `${bare(child)}: a row has no parent in ${bare(parent)}`, sql: `select to_jsonb(c) ->> 'id' as object, '' as detail from ${child} c where ${condition}` };
}

function bare(table: string): string {
  return table.replace('app.', '');
}
