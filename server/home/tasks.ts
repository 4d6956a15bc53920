import { jsonRows } from '../platform/json-rows.ts';
import type { Feature, Task } from '../tenancy/feature.ts';
import type { CustomerRequest } from '../tenancy/people.ts';

const most = 8;

/** What all features ask of this person, what has to be done today first. `found` is what their statements answered, by feature. */
export function listTasks(asking: readonly Feature[], found: Readonly<Record<string, unknown>>, req: CustomerRequest): Task[] {
  const tasks = asking.flatMap((feature) => feature.tasks?.list(found[feature.key], req) ?? []);
  return tasks.toSorted((one, other) => Number(other.isUrgent ?? false) - Number(one.isUrgent ?? false)).slice(0, most);
}

interface LateInvoice {
  readonly number: string;
  readonly dueOn: string;
  readonly currency: string;
  readonly openCents: number;
}

/** S4-10: each invoice that is past due, with the way to pay it. What is being paid already is not asked for again. */
export const lateInvoices: NonNullable<Feature['tasks']> = {
  sql: jsonRows(`select number, due_on as "dueOn", currency, total_cents - paid_cents as "openCents" from open where state = 'past-due' order by due_on, id limit 5`),
  list: (found, req) => (found as readonly LateInvoice[]).map((late) => payTask(late, req)),
};

function payTask({ number, dueOn, currency, openCents }: LateInvoice, { t, formats, tenant: { site } }: CustomerRequest): Task {
  const invoice = encodeURIComponent(number);
  const seen = site.hasTab('invoices') ? `/invoices/${invoice}` : undefined;
  const path = site.mayPay('selected') ? `/billing/pay?invoice=${invoice}` : site.mayPay('overdue') ? '/billing/pay?scope=overdue' : '/billing/pay';
  return {
    text: t('home.task-pay', { number }),
    note: t('home.task-pay-note', { day: formats.nearDate(dueOn) }),
    amount: formats.money(openCents, currency),
    isUrgent: true,
    ...(seen && { seen }),
    ...(site.gateway !== 'none' && { button: t('home.pay-now'), path }),
  };
}
