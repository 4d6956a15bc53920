import { runAutopay } from '../../server/autopay/run-autopay.ts';
import { testPortal } from '../support/portal.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';
import { aPayer, type Payer } from '../support/paying.ts';
import { sql, type World } from '../support/world.ts';

/** A family whose autopay is on: INV-1 of 85.00 is past due, INV-2 of 120.00 is due in 2099. The run's hour is always over. */
export async function onAutopay(number = 'visa', pack = 'lawncare', settings: Partial<SettingsDocument> = {}): Promise<Payer> {
  const payer = await aPayer(number, pack, { 'autopay.run_hour': 0, ...settings });
  await sql(payer.world, `update app.payment_methods set is_default = true`);
  await sql(payer.world, `update app.accounts set autopay = true, autopay_method_id = $1`, [payer.methodId]);
  return payer;
}

/** One look of the worker at the organization. */
export async function run(world: World): Promise<void> {
  await runAutopay((await testPortal()).outside, world.id);
}

/** What the runs did is that many days older. */
export async function daysPass(world: World, days: number): Promise<void> {
  // Far away first: no two runs may stand on one day in between.
  for (const by of [100_000, days - 100_000]) {
    await sql(world, 'update app.autopay_runs set run_on = run_on - $1::int', [by]);
    await sql(world, 'update app.autopay_tries set run_on = run_on - $1::int', [by]);
  }
  // A charge's key is made from its day.
  await sql(
    world,
    `with fresh as materialized (select request_key as old, uuidv7() as new from app.autopay_charges),
      payments as (update app.payments set request_key = new from fresh where request_key = old)
     update app.autopay_charges set request_key = new from fresh where request_key = old`,
  );
}

export const chargesIn = (world: World): Promise<{ result: string | null; attempt: number }[]> =>
  sql<{ result: string | null; attempt: number }>(world, 'select result, attempt from app.autopay_charges order by id');

export const isOn = async (world: World): Promise<boolean> => (await sql<{ autopay: boolean }>(world, 'select autopay from app.accounts'))[0]?.autopay ?? false;
