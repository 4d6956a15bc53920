import { read } from '../platform/database.ts';

export interface FaqEntry {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly isPublished: boolean;
  readonly version: number;
}
export type FaqText = Pick<FaqEntry, 'question' | 'answer' | 'isPublished'>;

const most = 200;

export function listFaq({ published }: { readonly published: boolean }): Promise<FaqEntry[]> {
  return read<FaqEntry & Record<string, unknown>>('faq', `${select} where is_published or not $1::boolean order by position, id limit ${most}`, [published]);
}

export async function findFaq(id: string): Promise<FaqEntry | undefined> {
  const [entry] = await read<FaqEntry & Record<string, unknown>>('faq-entry', `${select} where id = $1`, [id]);
  return entry;
}

/** At the end of the list. false when there are as many as can be kept. */
export async function addFaq({ question, answer, isPublished }: FaqText): Promise<boolean> {
  const added = await read(
    'add-faq',
    `insert into app.faq_entries (question, answer, is_published, position) select $1, $2, $3, coalesce(max(position), 0) + 1 from app.faq_entries having count(*) < ${most} returning id`,
    [question, answer, isPublished],
  );
  return added.length === 1;
}

/** false when somebody else has changed it since this reader's page was drawn. */
export async function changeFaq(id: string, { question, answer, isPublished }: FaqText, seen: number): Promise<boolean> {
  const text = 'update app.faq_entries set question = $2, answer = $3, is_published = $4, version = version + 1, updated_at = now() where id = $1 and version = $5 returning id';
  return (await read('change-faq', text, [id, question, answer, isPublished, seen])).length === 1;
}

export async function removeFaq(id: string): Promise<void> {
  await read('remove-faq', 'delete from app.faq_entries where id = $1', [id]);
}

/** Changes places with the entry above or below; at the end of the list it stays where it is. */
export async function moveFaq(id: string, up: boolean): Promise<void> {
  // Two moves at once would each count from a list that the other has changed.
  await read('lock-faq', 'select id from app.faq_entries order by id for update');
  await read(
    'move-faq',
    `with placed as (select id, row_number() over (order by position, id)::int as place from app.faq_entries),
          moved as (select place from placed where id = $1)
     update app.faq_entries e set position = case when p.id = $1 then p.place + $2 when p.place = m.place + $2 then m.place else p.place end
       from placed p, moved m where p.id = e.id and m.place + $2 between 1 and (select count(*) from placed)`,
    [id, up ? -1 : 1],
  );
}

const select = 'select id, question, answer, is_published as "isPublished", version from app.faq_entries';
