import { read } from '../platform/database.ts';

/** What fields can be defined on. A feature that brings another noun adds it here and gives it pages. */
export const nouns = ['account', 'contact'] as const;
export type Noun = (typeof nouns)[number];
export const types = ['text', 'number', 'date', 'choice', 'yes_no'] as const;
export const accesses = ['hidden', 'edit', 'view'] as const;

export interface CustomField {
  readonly id: string;
  readonly noun: Noun;
  /** What imports and exports call it; never changed. */
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly type: (typeof types)[number];
  /** What customers see of it: S4-54, whatever is shown to them as a rule they may change. */
  readonly access: (typeof accesses)[number];
  /** Customers may not leave it empty. */
  readonly isRequired: boolean;
  readonly choices: readonly string[];
  readonly least: string | null;
  readonly most: string | null;
  readonly version: number;
  readonly isArchived: boolean;
}
export type Definition = Omit<CustomField, 'id' | 'version' | 'isArchived'>;

export const mostFields = 60;

export const fieldColumns = `f.id, f.noun, f.key, f.label, f.hint, f.type, f.access, f.is_required as "isRequired", f.choices, f.least::text, f.most::text, f.version, f.archived_at is not null as "isArchived"`;

/** In their order, those that are archived last. */
export function listFields(): Promise<CustomField[]> {
  return read<CustomField & Record<string, unknown>>('custom-fields', `select ${fieldColumns} from app.custom_fields f order by f.archived_at is not null, f.noun, f.position, f.id limit 500`);
}

export async function findField(id: string): Promise<CustomField | undefined> {
  const [field] = await read<CustomField & Record<string, unknown>>('custom-field', `select ${fieldColumns} from app.custom_fields f where f.id = $1`, [id]);
  return field;
}

/** At the end of its noun's fields. 'taken': there is one with that key, perhaps in the archive; 'full': there are as many as can be kept. */
export async function addField(field: Definition): Promise<'added' | 'taken' | 'full'> {
  const [row] = await read<{ count: number; position: number }>('custom-fields-of', 'select count(*)::int as count, coalesce(max(position), 0)::int + 1 as position from app.custom_fields where noun = $1', [field.noun]);
  if (!row || row.count >= mostFields) return 'full';
  const added = await read(
    'add-custom-field',
    `insert into app.custom_fields (noun, key, type, label, hint, access, is_required, choices, least, most, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (tenant_id, noun, key) do nothing returning id`,
    [field.noun, field.key, field.type, ...changeable(field), row.position],
  );
  return added.length ? 'added' : 'taken';
}

/** false when somebody else has changed it since this reader's page was drawn. */
export async function changeField(id: string, field: Definition, seen: number): Promise<boolean> {
  const text = 'update app.custom_fields set label = $3, hint = $4, access = $5, is_required = $6, choices = $7, least = $8, most = $9, version = version + 1 where id = $1 and version = $2 returning id';
  return (await read('change-custom-field', text, [id, seen, ...changeable(field)])).length === 1;
}

/** Out of sight everywhere, and back again: what stands in it is kept. */
export async function archiveField(id: string, isArchived: boolean): Promise<void> {
  await read('archive-custom-field', 'update app.custom_fields set archived_at = case when $2 then coalesce(archived_at, now()) end, version = version + 1 where id = $1', [id, isArchived]);
}

/** Changes places with the field of its noun above or below; at the end of the list it stays where it is. */
export async function moveField(id: string, up: boolean): Promise<void> {
  // Two moves at once would each count from a list that the other has changed.
  await read('lock-custom-fields', 'select id from app.custom_fields order by id for update');
  await read(
    'move-custom-field',
    `with placed as (select id, row_number() over (order by position, id)::int as place from app.custom_fields
             where archived_at is null and noun = (select noun from app.custom_fields where id = $1)),
          moved as (select place from placed where id = $1)
     update app.custom_fields f set position = case when p.id = $1 then p.place + $2 when p.place = m.place + $2 then m.place else p.place end
       from placed p, moved m where p.id = f.id and m.place + $2 between 1 and (select count(*) from placed)`,
    [id, up ? -1 : 1],
  );
}

const changeable = ({ label, hint, access, isRequired, choices, least, most }: Definition): unknown[] => [label, hint, access, isRequired, choices, least, most];
