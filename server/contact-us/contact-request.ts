import { read } from '../platform/database.ts';

export interface NewContactRequest {
  /** The same form sent twice is one request. */
  readonly requestKey: string;
  readonly name: string;
  readonly email: string;
  readonly subject: string;
  readonly body: string;
  readonly locale?: string | null;
  readonly accountId?: string;
  readonly contactId?: string;
}

export interface Answer {
  readonly id: string;
  readonly staffName: string;
  readonly body: string;
  readonly createdAt: string;
}

export interface ContactRequest {
  readonly id: string;
  readonly name: string;
  /** '' where the person who asked has no address on file. */
  readonly email: string;
  readonly subject: string;
  readonly body: string;
  readonly state: 'open' | 'answered' | 'closed';
  /** Counts the answers: who answers says which one they have seen. */
  readonly version: number;
  readonly createdAt: string;
  readonly assignedTo: string | null;
  readonly assignee: string | null;
  readonly accountNumber: string | null;
  readonly accountName: string | null;
  readonly contactId: string | null;
  readonly locale: string | null;
  readonly answers: readonly Answer[];
}

/** Returns its id; undefined when this form has been sent already. */
export async function writeContactRequest({ requestKey, name, email, subject, body, accountId, contactId }: NewContactRequest): Promise<string | undefined> {
  const [row] = await read<{ id: string }>(
    'write-contact-request',
    `insert into app.contact_requests (request_key, name, email, subject, body, account_id, contact_id) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, request_key) do nothing returning id`,
    [requestKey, name, email, subject, body, accountId ?? null, contactId ?? null],
  );
  return row?.id;
}

export async function findContactRequest(id: string): Promise<ContactRequest | undefined> {
  const [row] = await read<ContactRequest & Record<string, unknown>>('contact-request', `${select} where r.id = $1`, [id]);
  return row;
}

/** What this person has asked for this account, newest first. */
export function listOwnRequests(accountId: string, contactId: string): Promise<ContactRequest[]> {
  return read<ContactRequest & Record<string, unknown>>('own-contact-requests', `${select} where r.account_id = $1 and r.contact_id = $2 order by r.id desc limit 20`, [accountId, contactId]);
}

/** Keeps an answer. false when somebody else has answered since the reader's page was drawn: then nothing is kept. */
export async function keepAnswer(request: ContactRequest, seen: number, staffId: string, body: string): Promise<boolean> {
  const kept = await read(
    'answer-contact-request',
    `with taken as (
       update app.contact_requests set state = 'answered', version = version + 1, assigned_to = coalesce(assigned_to, $3) where id = $1 and version = $2 returning id, account_id)
     insert into app.contact_answers (request_id, account_id, staff_id, body) select id, account_id, $3, $4 from taken returning id`,
    [request.id, seen, staffId, body],
  );
  return kept.length === 1;
}

/** Gives it to somebody who works here, or to nobody. false when it has gone to another meanwhile, or when that person has left. */
export async function assignRequest(id: string, seen: string | null, to: string | null): Promise<boolean> {
  const assigned = await read(
    'assign-contact-request',
    `update app.contact_requests set assigned_to = $3 where id = $1 and assigned_to is not distinct from $2
        and ($3::uuid is null or exists (select from app.staff_users where id = $3 and ended_at is null)) returning id`,
    [id, seen, to],
  );
  return assigned.length === 1;
}

/** Closes it, or opens it again. false when it was so already. */
export async function setClosed(id: string, closed: boolean): Promise<boolean> {
  const text = `update app.contact_requests r set state = case when $2 then 'closed' when exists (select from app.contact_answers where request_id = r.id) then 'answered' else 'open' end
     where id = $1 and (state = 'closed') <> $2 returning id`;
  return (await read('close-contact-request', text, [id, closed])).length === 1;
}

const select = `select r.id, r.name, r.email, r.subject, r.body, r.state, r.version, r.created_at as "createdAt", r.assigned_to as "assignedTo", u.name as assignee,
       a.number as "accountNumber", a.name as "accountName", r.contact_id as "contactId", l.locale,
       (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'staffName', s.name, 'body', w.body, 'createdAt', w.created_at) order by w.id), '[]')
          from app.contact_answers w join app.staff_users s on (s.tenant_id, s.id) = (w.tenant_id, w.staff_id) where (w.tenant_id, w.request_id) = (r.tenant_id, r.id)) as answers
  from app.contact_requests r
  left join app.accounts a on (a.tenant_id, a.id) = (r.tenant_id, r.account_id)
  left join app.contacts c on (c.tenant_id, c.id) = (r.tenant_id, r.contact_id)
  left join app.logins l on (l.tenant_id, l.id) = (c.tenant_id, c.login_ref)
  left join app.staff_users u on (u.tenant_id, u.id) = (r.tenant_id, r.assigned_to)`;
