import { read } from '../platform/database.ts';
import { Refused } from '../platform/errors.ts';
import type { Translate } from '../platform/text.ts';
import { readValue } from './definition-form.ts';
import { recordFieldEvents } from './field-events.ts';
import { fieldColumns, type CustomField, type Noun } from './field.ts';

/** Whose fields they are. */
export interface Subject {
  readonly noun: Noun;
  readonly id: string;
  readonly accountId: string;
}

export interface FilledField extends CustomField {
  readonly subject: Subject;
  readonly value: string | null;
}

export interface ValueChange {
  readonly field: FilledField;
  readonly before: string | null;
  readonly after: string | null;
}

/** The fields of these in their order, each with what stands in it; archived ones are left out. */
export async function readFields(subjects: readonly Subject[]): Promise<FilledField[]> {
  const rows = await read<CustomField & { value: string | null; at: number }>(
    'filled-fields',
    `select ${fieldColumns}, v.value, s.at::int from unnest($1::text[], $2::uuid[]) with ordinality as s(noun, id, at) join app.custom_fields f on f.noun = s.noun
       left join app.custom_values v on v.field_id = f.id and v.subject_id = s.id where f.archived_at is null order by s.at, f.position, f.id`,
    [subjects.map(({ noun }) => noun), subjects.map(({ id }) => id)],
  );
  return rows.flatMap(({ at, ...field }) => (subjects[at - 1] ? [{ ...field, subject: subjects[at - 1] as Subject }] : []));
}

/** The name of a field in a form: its key might be 'gate_code', and what looks like a secret is not shown again. */
export const nameOf = ({ id }: { readonly id: string }): string => `field-${id}`;

/**
 * Writes what was typed into these fields, and returns what it has changed. Beside each field the form carries what it had shown: where
 * somebody else has written meanwhile, only what this reader typed over is refused, all else is theirs.
 */
export async function saveValues(subjects: readonly Subject[], body: Readonly<Record<string, unknown>>, may: { readonly t: Translate; readonly change: (field: CustomField) => boolean; readonly leaveEmpty: boolean }): Promise<ValueChange[]> {
  for (const { noun, id } of subjects) await read(`lock-${noun}-fields`, `select id from app.${noun}s where id = $1 for no key update`, [id]);
  const errors: Record<string, string> = {};
  const changes: ValueChange[] = [];
  for (const field of (await readFields(subjects)).filter(may.change)) {
    const name = nameOf(field);
    const seen = textOf(body[`seen-${field.id}`]) ?? field.value ?? '';
    const typed = textOf(body[name]) === undefined ? body[name] : textOf(body[name]) === seen ? (field.value ?? '') : body[name];
    const result = readValue(field, typed, field.value);
    if ('error' in result) errors[name] = may.t(result.error, { least: field.least ?? '–', most: field.most ?? '–' });
    else if (result.value === null && field.isRequired && !may.leaveEmpty) errors[name] = may.t('forms.required');
    else if (result.value !== field.value) {
      if (seen !== (field.value ?? '')) errors[name] = may.t('custom-fields.changed-meanwhile', { value: field.value ?? may.t('custom-fields.nothing') });
      else changes.push({ field, before: field.value, after: result.value });
    }
  }
  if (Object.keys(errors).length) throw new Refused(errors);
  for (const change of changes) await write(change);
  return changes;
}

/** Puts back what stood in these fields; not forced, only where nothing newer stands and customers may still change them. What is archived is left alone. */
export async function restoreValues({ accountId, contactId }: { readonly accountId: string; readonly contactId: string }, given: { readonly before: Stood; readonly after: Stood; readonly isForced: boolean }): Promise<'restored' | 'changed-since' | 'impossible'> {
  const { before, after, isForced } = given;
  const subjects: Subject[] = [{ noun: 'account', id: accountId, accountId }, { noun: 'contact', id: contactId, accountId }];
  for (const { noun, id } of subjects) await read(`lock-${noun}-fields`, `select id from app.${noun}s where id = $1 for no key update`, [id]);
  const fields = (await readFields(subjects)).filter(({ id }) => id in before);
  if (!fields.length || (!isForced && fields.some(({ access }) => access !== 'edit'))) return 'impossible';
  if (!isForced && fields.some(({ id, value }) => value !== after[id])) return 'changed-since';
  const changes = fields.map((field) => ({ field, before: field.value, after: before[field.id] ?? null }));
  for (const change of changes) await write(change);
  await recordFieldEvents(changes, null);
  return 'restored';
}

/** The columns that the fields of accounts add to a file, and what stands in them by account. */
export async function readColumns(accountIds: readonly string[]): Promise<{ names: string[]; valuesOf: (accountId: string) => string[] }> {
  const fields = await read<{ id: string; key: string }>('custom-columns', `select id, key from app.custom_fields where noun = 'account' and archived_at is null order by position, id`);
  const rows = fields.length ? await read<{ subject: string; field: string; value: string }>('custom-column-values', 'select subject_id as subject, field_id as field, value from app.custom_values where subject_id = any($1::uuid[])', [accountIds]) : [];
  const values = new Map(rows.map(({ subject, field, value }) => [`${subject} ${field}`, value]));
  return { names: fields.map(({ key }) => `custom:${key}`), valuesOf: (accountId) => fields.map(({ id }) => values.get(`${accountId} ${id}`) ?? '') };
}

type Stood = Readonly<Record<string, string | null>>;

/** What each field is called, those in the archive, too. */
export async function readFieldLabels(): Promise<Map<string, string>> {
  const rows = await read<{ id: string; label: string }>('custom-field-labels', 'select id, label from app.custom_fields');
  return new Map(rows.map(({ id, label }) => [id, label]));
}

async function write({ field: { id, type, subject }, after }: ValueChange): Promise<void> {
  if (after === null) await read('empty-custom-value', 'delete from app.custom_values where field_id = $1 and subject_id = $2', [id, subject.id]);
  else await read(
    'set-custom-value',
    `insert into app.custom_values (field_id, field_type, subject_id, account_id, contact_id, value) values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, field_id, subject_id) do update set value = excluded.value, updated_at = now()`,
    [id, type, subject.id, subject.accountId, subject.noun === 'contact' ? subject.id : null, after],
  );
}

/** Browsers end lines in their own way. */
function textOf(given: unknown): string | undefined {
  return typeof given === 'string' ? given.replace(/\r\n?/g, '\n').trim() : undefined;
}
