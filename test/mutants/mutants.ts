import { moneyMutants } from './money-mutants.ts';

export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly put: string;
  readonly test: string;
  /** The test that must turn red. */
  readonly title: string;
}

const walls = 'test/tenancy/walls.test.ts';
/** app.enter as it is now, and where it asks whether a sign-in lives. */
const enter = 'migrations/20261122180000-enter-by-two-short-reads.ts';
const livesBelow = 'where ${lives};\n          if found';
const secondSteps = 'migrations/20261122121000-add-second-steps.ts';
const reading = 'test/tenancy/reading.test.ts';
const accountWall = 'migrations/20261122191000-see-accounts-by-one-value.ts';
const secondStep = 'test/two-step/second-step.test.ts';
const hooks = 'test/webhooks/stripe.test.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'tenant policy', file: 'migrations/20261121090000-create-tenants.ts', test: walls, title: 'one organization sees none of another’s rows',
    find: 'using (tenant_id = (select app.tenant()))', put: 'using (true)',
  },
  {
    name: 'tenant policy for writing', file: 'migrations/20261121090000-create-tenants.ts', test: walls, title: 'one organization sees none of another’s rows',
    find: `with check (tenant_id = (select app.tenant()))', target);`, put: `with check (true)', target);`,
  },
  {
    name: 'account policy', file: accountWall, test: walls, title: 'a customer’s transaction sees the own accounts only',
    find: "using (${isTheirs('app.accounts()')})", put: 'using (true)',
  },
  {
    name: 'account policy for writing', file: accountWall, test: walls, title: 'a customer’s transaction sees the own accounts only',
    find: "with check (${isTheirs('app.accounts()')})", put: 'with check (true)',
  },
  {
    name: 'money policy', file: accountWall, test: walls, title: 'a customer’s transaction sees the own accounts only',
    find: "using (${isTheirs('app.money_accounts()')})", put: 'using (true)',
  },
  {
    name: 'money policy for writing', file: accountWall, test: walls, title: 'a customer’s transaction sees the own accounts only',
    find: "with check (${isTheirs('app.money_accounts()')})", put: 'with check (true)',
  },
  {
    name: 'rows of no account', file: accountWall, test: walls, title: 'what belongs to no account is seen by whoever sees all accounts only',
    find: "coalesce(%2$I, '00000000-0000-0000-0000-000000000000')", put: '%2$I',
  },
  {
    name: 'accounts where none are set', file: accountWall, test: walls, title: 'without a sign-in no row of an account can be seen',
    find: "coalesce(${list(name)}, '{}')", put: '${list(name)}',
  },
  {
    name: 'guard on queries', file: 'server/platform/database.ts', test: walls, title: 'never leaves the process',
    find: 'if (!scopes.getStore()) return Promise.reject(new OutsideTenant(sql));', put: '',
  },
  {
    name: 'second transaction', file: 'server/platform/database.ts', test: walls, title: 'no second transaction opens inside a first',
    find: `if (scopes.getStore()) throw new Error('a second transaction inside a first');`, put: '',
  },
  {
    name: 'what came with somebody else', file: 'server/platform/reading.ts', test: reading, title: 'gives nothing out that came with another person',
    find: 'if (this.said !== this.expected) throw new OpenedOtherwise();', put: '',
  },
  {
    name: 'the page again', file: 'server/tenancy/tenant-transaction.ts', test: reading, title: 'is made again when who asks has changed',
    find: 'if (said === who.said) {', put: 'if (said !== undefined) {',
  },
  {
    name: 'reading in a transaction', file: 'server/tenancy/tenant-transaction.ts', test: reading, title: 'sees the own accounts only, whatever the query says, and cannot write',
    find: `'select app.enter($1, $2, $3, true)::text as person'`, put: `'select app.enter($1, $2, $3, false)::text as person'`,
  },
  {
    name: 'session of another tenant', file: 'server/platform/session.ts', test: walls, title: 'the same sign-in opens only the portal',
    find: 'req.session?.tenantId === tenantId ?', put: 'req.session?.tenantId ?',
  },
  {
    name: 'read-only pages', file: enter, test: walls, title: 'only looked at cannot write',
    find: 'if p_read_only or test_until', put: 'if test_until',
  },
  {
    name: 'ended sign-in', file: enter, test: walls, title: 'ended, expired, been idle',
    find: livesBelow, put: 'where s.tenant_id = p_tenant and s.id = p_sign_in and not s.second_step_due and l.locked_at is null;\n          if found',
  },
  {
    name: 'blocked contact', file: enter, test: walls, title: 'lost its last contact is nobody',
    find: '(p_tenant, login.login_ref) and ${isTheirs}', put: '(p_tenant, login.login_ref)',
  },
  {
    name: 'half sign-in', file: enter, test: secondStep, title: 'a half sign-in opens nothing',
    find: livesBelow, put: livesBelow.replace('lives}', `lives.replace(' and not s.second_step_due', '')}`),
  },
  {
    name: 'lock ends the session', file: enter, test: 'test/sign-ins/sign-ins.test.ts', title: 'a cookie opens nothing after',
    find: livesBelow, put: livesBelow.replace('lives}', `lives.replace(' and l.locked_at is null', '')}`),
  },
  {
    name: 'second step of every sign-in', file: secondSteps, test: secondStep, title: 'no way in can forget it',
    find: 'new.second_step_due := true;', put: '',
  },
  {
    name: 'code used twice', file: 'server/two-step/half-sign-in.ts', test: secondStep, title: 'opens nothing a second time',
    find: ' and last_used_step < $2', put: ' and $2 > 0',
  },
  {
    name: 'code counted', file: 'server/two-step/half-sign-in.ts', test: secondStep, title: 'fifty wrong codes at once are five guesses',
    find: '(failed_tries < 5 or', put: '(true or',
  },
  {
    name: 'recovery code used twice', file: 'server/two-step/half-sign-in.ts', test: secondStep, title: 'each recovery code lets in once',
    find: ' and used_at is null returning id', put: ' returning id',
  },
  {
    name: 'two steps required', file: 'server/two-step/rule.ts', test: 'test/two-step/set-up.test.ts', title: 'nothing else opens before it is set up',
    find: '!twoSteps && mustUseTwoSteps(req)', put: 'false && twoSteps && mustUseTwoSteps(req)',
  },
  {
    name: 'passkey of the blocked', file: 'server/passkeys/door.ts', test: 'test/passkeys/in-browser.test.ts', title: 'a passkey opens nothing for somebody who is blocked',
    find: '!passkey.hasAccess || ', put: '',
  },
  {
    name: 'passkey answer used twice', file: 'server/passkeys/challenge.ts', test: 'test/passkeys/in-browser.test.ts', title: 'none after five minutes',
    find: 'is not distinct from $2 and expires_at > now() returning', put: 'is not distinct from $2 returning',
  },
  {
    name: 'current password', file: 'server/sign-ins/current-password.ts', test: 'test/accounts/email.test.ts', title: 'asks the current password',
    find: `if (!isRight) refuse('currentPassword'`, put: `if (!isRight && !typed) refuse('currentPassword'`,
  },
  {
    name: 'own sign-ins alone', file: 'server/sign-ins/sign-in-record.ts', test: 'test/sign-ins/sign-ins.test.ts', title: 'ends nobody else’s sign-in',
    find: 'where id = $2 and (login_ref = $1 or staff_id = $1) and', put: `where id = $2 and $1 <> '00000000-0000-4000-8000-000000000000'::uuid and`,
  },
  {
    name: 'profile groups', file: 'server/accounts/details.ts', test: 'test/accounts/account.test.ts', title: 'is read only but for payment methods',
    find: `['edit', 'approve'].includes(req.tenant.site.profile(group)) ?`, put: 'req.tenant.site ?',
  },
  {
    name: 'address of another who signs in', file: 'server/contacts/billing-contacts.ts', test: 'test/contacts/billing-contacts.test.ts', title: 'whoever signs in for themselves keeps the own address',
    find: 'return loginRef === null || loginRef === person.loginRef;', put: `return loginRef === null || person.loginRef !== '';`,
  },
  {
    name: 'visible scope', file: 'migrations/20261121090200-create-money.ts', test: 'test/invoices/invoices.test.ts', title: 'only invoices marked sent show',
    find: `select * from app.invoices where status = 'sent';`, put: 'select * from app.invoices;',
  },
  {
    name: 'secret in the history', file: 'server/messages/mail.ts', test: 'test/messages/mail.test.ts', title: 'with its secret masked',
    find: 'mail.blocks.map(hidden)', put: 'mail.blocks',
  },
  {
    name: 'line ends in mail headers', file: 'server/messages/mail.ts', test: 'test/messages/mail.test.ts', title: 'cannot be smuggled in',
    find: `text.replace(/[\\r\\n\\u2028\\u2029]+/g, ' ').trim()`, put: 'text',
  },
  {
    name: 'stripe signature', file: 'server/gateways/stripe/hook.ts', test: hooks, title: 'signed with another secret',
    find: 'stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds)', put: 'JSON.parse(String(body))',
  },
  {
    name: 'stripe signature from the future', file: 'server/gateways/stripe/hook.ts', test: hooks, title: 'from the future',
    find: '!(signedAt <= Date.now() / 1000 + toleranceSeconds)', put: 'signedAt < 0',
  },
  {
    name: 'stripe amount', file: 'server/webhooks/settle-hook.ts', test: hooks, title: 'another amount or currency',
    find: 'asked.amount === amount && asked.currency === currency', put: 'asked.amount',
  },
  {
    name: 'stripe reference of the attempt', file: 'server/webhooks/settle-hook.ts', test: hooks, title: 'names this one’s payment',
    find: `gateway = 'stripe' and gateway_reference = $2`, put: `gateway = 'stripe' and $2 <> ''`,
  },
  {
    name: 'stripe account of another organization', file: 'server/gateways/stripe/accounts.ts', test: 'test/gateways/stripe/payments.test.ts', title: 'that another organization uses',
    find: '?.id !== tenantId', put: '?.id === null',
  },
  {
    name: 'stripe test and live', file: 'server/webhooks/settle-hook.ts', test: hooks, title: 'is answered, not stored',
    find: 'hook.isLive !== stripe.isLive', put: 'false',
  },
  {
    name: 'stripe fence behind an opened attempt', file: 'server/payment-attempts/settle-payment.ts', test: 'test/gateways/stripe/payments.test.ts', title: 'is not called failed: it is looked at again',
    find: `verdict.outcome === 'failed' && reference !== (verdict.reference ?? null)`, put: 'false && reference && verdict',
  },
  {
    name: 'stripe attempt closed while it is opened', file: 'server/gateways/stripe/charges.ts', test: 'test/gateways/stripe/payments.test.ts', title: 'fenced while it is being opened',
    find: 'if (!(await opened(`${place.account}/${place.id}`))) return unreached;', put: 'await opened(`${place.account}/${place.id}`);',
  },
  ...moneyMutants,
];
