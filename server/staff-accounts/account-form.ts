import { z } from 'zod';
import { addressForm, oneLine } from '../contacts/detail-forms.ts';
import { drawNumber } from '../ledger/numbers.ts';
import { read, run } from '../platform/database.ts';
import { optionalDay, required } from '../platform/forms.ts';
import type { VersionOf } from '../staff-contacts/contact-form.ts';

export const accountColumns = {
  name: 'name', openedOn: 'opened_on', paysBy: 'pays_by', address1: 'address1', address2: 'address2', city: 'city', region: 'region', postalCode: 'postal_code', country: 'country',
} as const;

export const accountForm = z.object({
  name: required(200).transform((typed) => typed.replace(/\s+/g, ' ')),
  openedOn: optionalDay.transform((day) => day ?? ''),
  paysBy: z.enum(['card', 'bank_draft'], 'forms.wrong'),
  ...addressForm.shape,
  country: oneLine(60),
});

export type AccountValues = z.infer<typeof accountForm>;

export async function readAccountVersion(number: string): Promise<(VersionOf<AccountValues> & { id: string }) | undefined> {
  const pairs = Object.entries(accountColumns).map(([name, column]) => `'${name}', coalesce(a.${column}::text, '')`);
  const [row] = await read<VersionOf<AccountValues> & { id: string } & Record<string, unknown>>(
    'account-version', `select a.id, a.revision, jsonb_build_object(${pairs.join(', ')}) as values from app.accounts a where a.number = $1`, [number],
  );
  return row;
}

/** Only over the version that was shown: false when somebody has changed the account since. */
export async function saveAccount(id: string, revision: number, values: AccountValues): Promise<boolean> {
  const names = Object.keys(accountColumns) as (keyof typeof accountColumns)[];
  const sets = names.map((name, at) => `${accountColumns[name]} = $${at + 3}`);
  const [saved] = await run(`update app.accounts set ${sets.join(', ')} where id = $1 and revision = $2 returning id`, [id, revision, ...names.map((name) => values[name] || null)]);
  return saved !== undefined;
}

export const newAccountForm = accountForm.extend({ number: oneLine(60, { anyNumber: true }), stage: z.enum(['lead', 'active'], 'forms.wrong') });

/** undefined: that number is another account's. Without a number the next one is drawn. */
export async function createAccount({ number, stage, ...values }: z.infer<typeof newAccountForm>): Promise<{ id: string; number: string } | undefined> {
  const names = Object.keys(accountColumns) as (keyof typeof accountColumns)[];
  const chosen = number || (await drawNumber('accounts'));
  const [row] = await run<{ id: string; number: string }>(
    `insert into app.accounts (number, stage, ${names.map((name) => accountColumns[name]).join(', ')}) values ($1, $2, ${names.map((_, at) => `$${at + 3}`).join(', ')})
     on conflict (tenant_id, number) do nothing returning id, number`,
    [chosen, stage, ...names.map((name) => values[name] || null)],
  );
  return row;
}
