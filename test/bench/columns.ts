/** What the yardsticks read of a row `x`, by the names of figures.ts. */
export const invoiceColumns = `x.number, x.total_cents as "totalCents", x.paid_cents as "paidCents", x.issued_on as "issuedOn", x.due_on as "dueOn"`;
export const paymentColumns = `x.number, x.amount_cents as "totalCents", x.amount_cents as "paidCents", x.paid_on as "issuedOn"`;
export const visitColumns = `x.number, x.title, x.starts_at as "startsAt", x.ends_at as "endsAt", (select r.name from app.resources r where (r.tenant_id, r.id) = (x.tenant_id, x.resource_id)) as resource`;
export const ticketColumns = `x.number, x.category, x.body, x.waits_for as "waitsFor", x.created_at as "createdAt"`;
