import type { Migration } from '../server/platform/migrations.ts';

const kinds = ['reset', 'confirm_password', 'sign_up', 'invitation', 'confirm_invitation', 'temporary', 'staff_invitation', 'staff_reset'];
const kindCheck = (allowed: readonly string[]) => `
    alter table app.links drop constraint links_kind_check;
    alter table app.links add constraint links_kind_check check (kind in (${allowed.map((kind) => `'${kind}'`).join(', ')}));`;

/** Answers to security questions, consent to text messages, and links that confirm a new email address. */
export const up: Migration = async (run, { web }) => {
  await run(`
    create table app.security_answers (
      tenant_id uuid not null default app.tenant() references app.tenants,
      login_ref uuid not null, position integer not null check (position between 1 and 5),
      question text not null, answer_hash text not null, created_at timestamptz not null default now(),
      primary key (tenant_id, login_ref, position), unique (tenant_id, login_ref, question),
      foreign key (tenant_id, login_ref) references app.logins (tenant_id, id) on delete cascade);
    select app.wall('app.security_answers');

    create table app.text_consents (
      tenant_id uuid not null default app.tenant() references app.tenants,
      id uuid not null default uuidv7(), account_id uuid not null, contact_id uuid not null,
      phone text not null, wording text not null,
      agreed_at timestamptz not null default now(), ended_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, account_id) references app.accounts (tenant_id, id),
      foreign key (tenant_id, contact_id) references app.contacts (tenant_id, id) on delete cascade);
    select app.wall('app.text_consents', 'account_id');
    create unique index text_consents_living on app.text_consents (tenant_id, contact_id) where ended_at is null;
    create index text_consents_account on app.text_consents (tenant_id, account_id);
    revoke delete on app.text_consents from ${web};
    ${kindCheck([...kinds, 'new_email'])}
  `);
  await run(addToEnter(locale, `${locale}, ${questions}`));
};

export const down: Migration = async (run) => {
  await run(addToEnter(`${locale}, ${questions}`, locale));
  await run(`
    delete from app.links where kind = 'new_email';
    ${kindCheck(kinds)}
    drop table app.text_consents, app.security_answers;
  `);
};

const locale = `'locale', l.locale`;
const questions = `'hasQuestions', exists (select 1 from app.security_answers q where q.tenant_id = p_tenant and q.login_ref = l.id)`;

/** In the function as it stands, so that nothing else in it is undone. */
const addToEnter = (from: string, to: string) => `
    do $$ declare text text := pg_get_functiondef('app.enter(uuid,uuid,text,boolean)'::regprocedure);
    begin
      if strpos(text, $q$${from}$q$) = 0 then raise exception 'app.enter does not say the locale'; end if;
      execute replace(text, $q$${from}$q$, $q$${to}$q$);
    end $$`;
