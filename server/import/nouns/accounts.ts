import { numberPrefixes } from '../../ledger/numbers.ts';
import { countWritten, idTwice, numberChecks, numberOrDrawn, type Loader, type Plan } from './loader.ts';

export const accountsLoader: Loader = {
  numbered: 'accounts',
  checks: () => [idTwice, ...numberChecks('accounts')],
  write: async (plan) => ({ updated: await updateAccounts(plan), created: await insertAccounts(plan) }),
};

/** Our column and the file's. */
const written = {
  name: 'name', stage: 'stage', pays_by: 'pays_by', related_group: 'group', opened_on: 'opened_on', address1: 'address1', address2: 'address2',
  city: 'city', region: 'region', postal_code: 'postal_code', country: 'country',
};

function updateAccounts({ given }: Plan): Promise<number> {
  const pairs = Object.entries(written).filter(([, column]) => given.has(column));
  const ours = ['a.number', ...pairs.map(([our]) => `a.${our}`)];
  const theirs = ['coalesce(r.number, a.number)', ...pairs.map(([, column]) => `r."${column}"`)];
  const set = ['number', ...pairs.map(([our]) => our)].map((our, at) => `${our} = ${theirs[at]}`);
  return countWritten(`update app.accounts a set ${set.join(', ')} from import_rows r
    where a.external_id = r.external_id and row(${ours.join(', ')}) is distinct from row(${theirs.join(', ')})`);
}

function insertAccounts({ firstNumber }: Plan): Promise<number> {
  const theirs = Object.values(written).map((column) => `r."${column}"`);
  return countWritten(`insert into app.accounts (external_id, number, ${Object.keys(written).join(', ')})
    select r.external_id, ${numberOrDrawn(numberPrefixes.accounts, firstNumber)}, ${theirs.join(', ')} from import_rows r
     where not exists (select from app.accounts a where a.external_id = r.external_id) order by r.line`);
}
