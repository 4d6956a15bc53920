import { run } from '../platform/database.ts';
import { texts } from '../staff-contacts/contact-form.ts';
import { removeContact } from '../staff-contacts/remove-contact.ts';

/**
 * `kept` takes what it lacks from `gone`, and `gone` goes: its mails and consents are kept's from now on, log lines stay as they were written. Each keeps
 * the login it has; where both have one, that of `gone` ends with it, unless another contact signs in with it.
 */
export async function mergeContacts(kept: string, gone: string, staffName: string): Promise<void> {
  const filled = Object.entries(texts).filter(([name]) => !name.endsWith('Name')).map(([, column]) => `${column} = coalesce(nullif(k.${column}, ''), g.${column})`);
  await run(
    `update app.contacts k set ${filled.join(', ')}, login_ref = coalesce(k.login_ref, g.login_ref), is_billing = k.is_billing or g.is_billing,
            may_pick_up = k.may_pick_up or g.may_pick_up, mass_email_opt_out = k.mass_email_opt_out or g.mass_email_opt_out
       from app.contacts g where k.id = $1 and g.id = $2`,
    [kept, gone],
  );
  await run('update app.messages set contact_id = $1 where contact_id = $2', [kept, gone]);
  await run('update app.staff_tasks set contact_id = $1 where contact_id = $2', [kept, gone]);
  for (const table of ['tickets', 'ticket_entries']) await run(`update app.${table} set contact_id = $1 where contact_id = $2`, [kept, gone]);
  await run(
    `update app.text_consents t set contact_id = $1, account_id = k.account_id, ended_at = case when t.ended_at is null and exists (
       select from app.text_consents o where o.contact_id = $1 and o.ended_at is null) then now() else t.ended_at end
       from app.contacts k where t.contact_id = $2 and k.id = $1`,
    [kept, gone],
  );
  await run(
    `insert into app.custom_values (field_id, field_type, subject_id, account_id, contact_id, value) select v.field_id, v.field_type, k.id, k.account_id, k.id, v.value
       from app.custom_values v join app.contacts k on k.id = $1 where v.contact_id = $2 on conflict (tenant_id, field_id, subject_id) do nothing`,
    [kept, gone],
  );
  await removeContact(gone, staffName);
}
