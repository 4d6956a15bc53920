import { read } from '../platform/database.ts';
import type { Ticket } from '../tickets/ticket.ts';

/** What a ticket asks about, as staff see it beside the text. Money is in minor units. */
export interface ObjectAtDesk {
  readonly kind: 'invoice' | 'payment' | 'visit';
  readonly name: string;
  /** '' where staff have no page of it. */
  readonly path: string;
  readonly day: string | null;
  readonly currency: string | null;
  readonly amountCents: number | null;
  readonly openCents: number | null;
  readonly state: string;
  /** What it is for, in a few lines. */
  readonly lines: readonly string[];
}

export async function readObject({ id, about }: Ticket, zone: string): Promise<ObjectAtDesk | undefined> {
  if (!about) return undefined;
  const [row] = await read<ObjectAtDesk & Record<string, unknown>>(`ticket-about-${about.kind}`, texts[about.kind], [id, zone]);
  return row && { ...row, kind: about.kind, path: paths[about.kind] && `${paths[about.kind]}${encodeURIComponent(about.key)}` };
}

const paths = { invoice: '/staff/invoices/', payment: '/staff/payments/', visit: '' };

const texts = {
  invoice: `select i.number as name, i.issued_on as day, i.currency, i.total_cents as "amountCents", i.total_cents - i.paid_cents as "openCents", i.status as state,
      (select coalesce(jsonb_agg(l.description order by l.position, l.id), '[]') from (select * from app.invoice_lines l where (l.tenant_id, l.invoice_id) = (i.tenant_id, i.id) order by l.position limit 6) l) as lines
    from app.tickets t join app.invoices i on (i.tenant_id, i.id) = (t.tenant_id, t.invoice_id) where t.id = $1 and $2::text is not null`,
  payment: `select p.number as name, p.paid_on as day, p.currency, p.amount_cents as "amountCents", null::bigint as "openCents", p.state, '[]'::jsonb as lines
    from app.tickets t join app.payments p on (p.tenant_id, p.id) = (t.tenant_id, t.payment_id) where t.id = $1 and $2::text is not null`,
  visit: `select v.title as name, (v.starts_at at time zone $2)::date as day, v.currency, v.price_cents as "amountCents", null::bigint as "openCents", v.status as state,
      to_jsonb(array_remove(array[nullif(v.number, ''), (select r.name from app.resources r where (r.tenant_id, r.id) = (v.tenant_id, v.resource_id)), nullif(v.address, ''), nullif(v.notes, '')], null)) as lines
    from app.tickets t join app.visits v on (v.tenant_id, v.id) = (t.tenant_id, t.visit_id) where t.id = $1 and $2::text is not null`,
};
