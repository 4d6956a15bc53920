import { slowly, type Check } from '../staging.ts';
import { accountExists, countWritten, idTwice, type Loader, type Plan } from './loader.ts';

export const contactsLoader: Loader = {
  checks: ({ given }) => [idTwice, accountExists, ...(given.has('primary') ? [onePrimary] : [])],
  write: async (plan) => {
    await slowly(insertLogins);
    return { updated: await updateContacts(plan), created: await insertContacts() };
  },
};

/** Our column and the file's. */
const written = {
  first_name: 'first_name', last_name: 'last_name', type: 'type', email: 'email', home_phone: 'home_phone', work_phone: 'work_phone', cell_phone: 'cell_phone',
  fax: 'fax', other_phone: 'other_phone', address1: 'address1', address2: 'address2', city: 'city', region: 'region', postal_code: 'postal_code',
  is_primary: 'primary', is_billing: 'billing', may_sign_in: 'may_sign_in',
};

const onePrimary: Check = {
  text: `with others as (
      select a.external_id as account, count(*) as found from app.contacts c join app.accounts a on (a.tenant_id, a.id) = (c.tenant_id, c.account_id)
       where c.is_primary and not exists (select from import_rows f where f.external_id = c.external_id) group by a.external_id)
    select r.line, 'primary', 'second-primary', jsonb_build_object('account', r.account)
      from (select line, account, count(*) over (partition by account) as found from import_rows where "primary") r left join others o using (account)
     where r.found + coalesce(o.found, 0) > 1`,
};

/** A login without a password: its owner chooses one on first access. One that is there already is shared. */
const insertLogins = `insert into app.logins (login_id, email)
  select distinct on (lower(r.login_id)) r.login_id, case when r.login_id like '%@%' then r.login_id else r.email end
    from import_rows r where r.login_id is not null order by lower(r.login_id), r.line
  on conflict (tenant_id, lower(login_id)) do nothing`;

const owners = `join app.accounts o on o.external_id = r.account left join app.logins l on lower(l.login_id) = lower(r.login_id)`;

function updateContacts({ given }: Plan): Promise<number> {
  const pairs = Object.entries(written).filter(([, column]) => given.has(column));
  const names = ['account_id', 'login_ref', ...pairs.map(([our]) => our)];
  const theirs = ['o.id', 'coalesce(l.id, c.login_ref)', ...pairs.map(([, column]) => `r."${column}"`)];
  return countWritten(`update app.contacts c set ${names.map((name, at) => `${name} = ${theirs[at]}`).join(', ')} from import_rows r ${owners}
    where c.external_id = r.external_id and row(${names.map((name) => `c.${name}`).join(', ')}) is distinct from row(${theirs.join(', ')})`);
}

function insertContacts(): Promise<number> {
  const theirs = Object.values(written).map((column) => `r."${column}"`);
  return countWritten(`insert into app.contacts (external_id, account_id, login_ref, ${Object.keys(written).join(', ')})
    select r.external_id, o.id, l.id, ${theirs.join(', ')} from import_rows r ${owners}
     where not exists (select from app.contacts c where c.external_id = r.external_id) order by r.line`);
}
