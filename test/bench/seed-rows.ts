/** Ids near each other for rows near each other, as version 7 gives them. */
export const ids = `create function pg_temp.key(kind int, t int, a int, k int default 0) returns uuid language sql immutable as
  $$ select (lpad(to_hex(kind), 8, '0') || '-' || lpad(to_hex(t), 4, '0') || '-7000-8000-' || lpad(to_hex(a::bigint * 200000 + k), 12, '0'))::uuid $$`;

const each = `tenant cross join generate_series(1, :accounts) a`;
const eachInvoice = `${each} cross join generate_series(1, :invoices) k`;
const cents = `(2000 + (a * 37 + k * 911) % 30000)`;
/** The newest is of this month, each other one a month older; what is beyond two years lies in the ten years before, so that only the past grows. */
const issued = `(date_trunc('month', current_date) - make_interval(months => least(:invoices - k, 24), days => greatest(:invoices - 24 - k, 0) * 3650 / greatest(:invoices - 24, 1)))::date`;
/** Two of three accounts have paid all but their two newest; every fifth is late. */
const isPaid = `k <= :invoices - 2 - (case when a % 5 = 0 then 1 else 0 end)`;
/** A payment pays two invoices that follow each other. */
const pair = `(k + 1) / 2`;
/** Of each account three visits are done, two are planned, and one waits for a day. */
const eachVisit = `${each} cross join generate_series(1, 6) k`;
const visitDay = `(date_trunc('day', now()) + make_interval(days => 3 + (k - 4) * 30 + a % 20, hours => 13 + a % 6))`;
/** The newest of its four tickets is open, and every other of those is answered. */
const eachTicket = `${each} cross join generate_series(1, 4) k`;
const asked = `(now() - make_interval(days => (5 - k) * 21 + a % 17))`;
const isClosed = 'k < 4';

/** In an order in which each refers only to those before it. The placeholders are filled in by numbers. */
export const statements = [
  `insert into app.accounts (tenant_id, id, number, external_id, name, opened_on, address1, city, region, postal_code)
     select id, pg_temp.key(1, t, a), 'A-' || a, 'acc-' || a, (array['Bestie', 'Nowak', 'García', 'Okafor', 'Lindqvist', 'Álvarez', 'Tanaka', 'O''Brien'])[1 + a % 8] || ' ' || a,
            current_date - 900, a || ' Main Street', 'Springfield', 'OH', '45501' from ${each}`,
  `insert into app.logins (tenant_id, id, login_id, email, password_hash, password_changed_at)
     select id, pg_temp.key(2, t, a), 'client' || a || '@example.test', 'client' || a || '@example.test', :hash, now() from ${each}`,
  `insert into app.contacts (tenant_id, id, account_id, login_ref, first_name, last_name, email, is_primary, is_billing)
     select id, pg_temp.key(3, t, a), pg_temp.key(1, t, a), pg_temp.key(2, t, a), 'Maria', 'Client ' || a, 'client' || a || '@example.test', true, true from ${each}`,
  `insert into app.staff_users (tenant_id, id, email, name, role, password_hash) select id, pg_temp.key(4, t, 1), 'owner@example.test', 'The owner', 'owner', :hash from tenant`,
  `insert into app.payment_methods (tenant_id, id, account_id, gateway, token, kind, brand, last4, exp_month, exp_year, is_default)
     select id, pg_temp.key(5, t, a), pg_temp.key(1, t, a), 'sandbox', 'test_visa:' || a, 'card', 'Visa', '4242', 12, 2034, true from ${each}`,
  `insert into app.invoices (tenant_id, id, account_id, number, status, issued_on, due_on, currency, total_cents, paid_cents, memo, sent_at)
     select id, pg_temp.key(6, t, a, k), pg_temp.key(1, t, a), 'INV-' || (a::bigint * 200000 + k), 'sent', ${issued}, ${issued} + 14, 'USD', ${cents},
            case when ${isPaid} then ${cents} else 0 end, 'Season ' || k, ${issued} from ${eachInvoice}`,
  `insert into app.invoice_lines (tenant_id, id, account_id, invoice_id, position, description, amount_cents)
     select id, pg_temp.key(7, t, a, k), pg_temp.key(1, t, a), pg_temp.key(6, t, a, k), 1, 'Services of month ' || k, ${cents} from ${eachInvoice}`,
  `insert into app.payments (tenant_id, id, account_id, number, state, amount_cents, currency, method_id, method_label, gateway, paid_on, created_at, settled_at)
     select id, pg_temp.key(8, t, a, ${pair}), pg_temp.key(1, t, a), 'PAY-' || (a::bigint * 200000 + ${pair}), 'succeeded', sum(${cents}), 'USD', pg_temp.key(5, t, a), 'Visa •••• 4242', 'sandbox',
            max(${issued}) + 10, max(${issued}) + 10, max(${issued}) + 10 from ${eachInvoice} where ${isPaid} group by id, t, a, ${pair}`,
  `insert into app.allocations (tenant_id, account_id, invoice_id, payment_id, amount_cents, applied_at, created_at)
     select id, pg_temp.key(1, t, a), pg_temp.key(6, t, a, k), pg_temp.key(8, t, a, ${pair}), ${cents}, ${issued} + 10, ${issued} + 10 from ${eachInvoice} where ${isPaid}`,
  `insert into app.journals (tenant_id, id, account_id, kind, source_id, currency, posted_on, memo)
     select id, pg_temp.key(9, t, a, k), pg_temp.key(1, t, a), 'invoice', pg_temp.key(6, t, a, k), 'USD', ${issued}, 'INV-' || (a::bigint * 200000 + k) from ${eachInvoice}`,
  `insert into app.journals (tenant_id, id, account_id, kind, source_id, currency, posted_on, memo)
     select tenant_id, ('0000000a' || substr(id::text, 9))::uuid, account_id, 'payment', id, 'USD', paid_on, number from app.payments`,
  `insert into app.ledger_entries (tenant_id, journal_id, account_id, ledger, amount_cents, currency, posted_on)
     select tenant_id, ('00000009' || substr(id::text, 9))::uuid, account_id, leg, case leg when 'receivable' then total_cents else -total_cents end, 'USD', issued_on
       from app.invoices cross join unnest(array['receivable', 'revenue']) leg`,
  `insert into app.ledger_entries (tenant_id, journal_id, account_id, ledger, amount_cents, currency, posted_on)
     select tenant_id, ('0000000a' || substr(id::text, 9))::uuid, account_id, leg, case leg when 'cash' then amount_cents else -amount_cents end, 'USD', paid_on
       from app.payments cross join unnest(array['cash', 'receivable']) leg`,
  `insert into app.ledger_days (tenant_id, account_id, ledger, currency, posted_on, amount_cents)
     select tenant_id, account_id, ledger, currency, posted_on, sum(amount_cents) from app.ledger_entries group by 1, 2, 3, 4, 5`,
  `insert into app.ledger_months (tenant_id, account_id, ledger, currency, month, amount_cents)
     select tenant_id, account_id, ledger, currency, date_trunc('month', posted_on), sum(amount_cents) from app.ledger_days group by 1, 2, 3, 4, 5`,
  `insert into app.resources (tenant_id, id, name) select id, pg_temp.key(11, t, r), 'Crew ' || r from tenant cross join generate_series(1, 8) r`,
  `insert into app.visits (tenant_id, id, account_id, number, title, category, status, starts_at, ends_at, resource_id, address, notes, price_cents, currency, closed_at)
     select id, pg_temp.key(12, t, a, k), pg_temp.key(1, t, a), 'V-' || (a::bigint * 200000 + k), (array['Spring clean-up', 'Filter change', 'Inspection', 'Boiler service', 'Fertilizing'])[1 + (a + k) % 5], 'Care',
            case when k < 4 then 'done' when k < 6 then 'scheduled' else 'waiting' end, case when k < 6 then ${visitDay} end, case when k < 6 then ${visitDay} + interval '90 minutes' end,
            case when k < 6 then pg_temp.key(11, t, 1 + (a + k) % 8) end, a || ' Main Street, Springfield', 'The gate is open.', 8900 + k * 100, 'USD', case when k < 4 then ${visitDay} + interval '2 hours' end from ${eachVisit}`,
  `insert into app.tickets (tenant_id, id, account_id, contact_id, opened_by, number, request_key, category, body, state, waits_for, invoice_id, created_at, first_answered_at, closed_at)
     select id, pg_temp.key(13, t, a, k), pg_temp.key(1, t, a), pg_temp.key(3, t, a), 'Maria Client ' || a, 'T-' || (a * 10 + k), pg_temp.key(14, t, a, k), (array['General', 'Billing', 'Service'])[1 + (a + k) % 3],
            'When does the next crew come, and will the gate of the yard have to be open? We are away until Friday.', case when ${isClosed} then 'closed' else 'open' end,
            case when a % 2 = 0 then 'customer' else 'staff' end, case when k = 2 then pg_temp.key(6, t, a, 1) end, ${asked}, case when ${isClosed} or a % 2 = 0 then ${asked} + interval '5 hours' end,
            case when ${isClosed} then ${asked} + interval '2 days' end from ${eachTicket}`,
  `insert into app.ticket_entries (tenant_id, id, ticket_id, account_id, kind, contact_id, staff_id, author, body, at)
     select tenant_id, ('0000000f' || substr(id::text, 9))::uuid, id, account_id, 'answer', null, ('00000004' || substr(id::text, 9, 16) || lpad(to_hex(200000), 12, '0'))::uuid, 'The owner', 'On Thursday; please leave it open.', first_answered_at
       from app.tickets where first_answered_at is not null`,
  `insert into app.portal_log (tenant_id, at, kind, message, account_id, account_name, contact_id, contact_name, contact_email, login_id)
     select id, now() - make_interval(mins => n * 7), (array['sign-in', 'payment', 'password', 'profile'])[1 + n % 4],
            (array['Login successful', 'Payment made', 'Password changed', 'Address changed'])[1 + n % 4] || ' (' || n || ')',
            pg_temp.key(1, t, a), 'Client ' || a, pg_temp.key(3, t, a), 'Maria Client ' || a, 'client' || a || '@example.test', 'client' || a || '@example.test'
       from tenant cross join generate_series(1, :log) n cross join lateral (select 1 + n % :accounts as a) of`,
  `insert into app.counters (tenant_id, name, value) select id, name, 9000000000 from tenant cross join unnest(array['accounts', 'invoices', 'payments', 'credits', 'refunds', 'visits', 'tickets']) name
     on conflict (tenant_id, name) do update set value = excluded.value`,
];
