import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { findTestNumber } from '../gateways/sandbox/numbers.ts';
import { run } from '../platform/database.ts';
import { demoReplies, demoTickets, fillTickets } from './fill-tickets.ts';

const demoFile = z.strictObject({
  signIns: z.array(z.strictObject({ loginId: z.string(), password: z.string(), contacts: z.array(z.string()) })),
  lockedLogins: z.array(z.string()),
  methods: z.array(z.strictObject({
    account: z.string(), kind: z.enum(['card', 'bank']), brand: z.string(), last4: z.string(),
    expMonth: z.int().optional(), expYear: z.int().optional(), default: z.boolean(), testNumber: z.string(),
  })),
  tickets: demoTickets.default([]),
  replies: demoReplies.default([]),
});
export type Demo = z.infer<typeof demoFile>;

/** What a pack adds to its demo portal beyond what any import may set. */
export function readDemo(folder: string): Demo {
  return demoFile.parse(JSON.parse(readFileSync(path.join(folder, 'demo.json'), 'utf8')));
}

/** Runs in the organization's transaction. Doing it twice changes nothing. */
export async function fillDemo({ signIns, lockedLogins, methods, tickets, replies }: Demo, hashes: ReadonlyMap<string, string>): Promise<void> {
  for (const { loginId, password, contacts } of signIns) {
    const [login] = await run<{ id: string }>(
      `insert into app.logins (login_id, email, password_hash, password_changed_at) values ($1, case when $1 like '%@%' then $1 end, $2, now())
       on conflict (tenant_id, lower(login_id)) do update set password_hash = excluded.password_hash, password_changed_at = now() returning id`,
      [loginId, hashes.get(password)],
    );
    await run('update app.contacts set login_ref = $1 where external_id = any($2::text[])', [login?.id, contacts]);
  }
  await run('update app.logins set locked_at = coalesce(locked_at, now()) where login_id = any($1::text[])', [lockedLogins]);
  for (const [index, method] of methods.entries()) await addMethod(method, index);
  await fillTickets(tickets, replies);
}

/** The sandbox's ready-made tokens need no walk through its page; what follows the colon keeps them apart. */
async function addMethod(method: Demo['methods'][number], index: number): Promise<void> {
  const test = findTestNumber(method.kind, method.testNumber);
  if (!test) throw new Error(`the sandbox has no test number ${method.testNumber}`);
  await run(
    `insert into app.payment_methods (account_id, gateway, token, kind, brand, last4, exp_month, exp_year, is_default)
     select id, 'sandbox', $2, $3, $4, $5, $6, $7, $8 from app.accounts where external_id = $1 on conflict (tenant_id, gateway, token) do nothing`,
    [method.account, `test_${test.id}:${method.account}-${index}`, method.kind, method.brand, method.last4, method.expMonth ?? null, method.expYear ?? null, method.default],
  );
}
