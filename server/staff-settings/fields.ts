import { isSameValue, readSeen, type Stored } from '../settings-drafts/draft.ts';
import { settingNames, settings, type SettingName, type SettingsDocument } from '../settings/schema.ts';
import { labelOf, listChanges, shown, type Change, type Words } from './changes.ts';
import { formValue, type Posted } from './form.ts';
import { inPostedOrder, isList, listRows, type ListName, type TabRow } from './tabs.ts';

export const sections = ['portal', 'navigation', 'words', 'access', 'sign-in', 'profile', 'billing', 'payments', 'usages', 'services', 'tickets', 'contact', 'retention', 'support'] as const;
export type Section = (typeof sections)[number];

/** Each setting stands in the section of its first word. */
const sectionOf: Readonly<Record<FirstWord<SettingName>, Section>> = {
  portal: 'portal',
  tenant: 'portal',
  nav: 'navigation',
  tabs: 'navigation',
  home: 'navigation',
  words: 'words',
  access: 'access',
  login: 'sign-in',
  profile: 'profile',
  sms: 'profile',
  billing: 'billing',
  payments: 'payments',
  autopay: 'payments',
  suspension: 'payments',
  usage: 'usages',
  tickets: 'tickets',
  services: 'services',
  contact: 'contact',
  social: 'contact',
  retention: 'retention',
  support: 'support',
};
type FirstWord<Name> = Name extends `${infer Word}.${string}` ? Word : Name;

export function namesIn(section: Section): SettingName[] {
  return settingNames.filter((name) => sectionOf[name.split('.')[0] as FirstWord<SettingName>] === section);
}

/** One setting as its page shows it: what components/field takes, and how it stands to what clients see. */
export interface Field {
  readonly name: SettingName;
  readonly control: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string | string[];
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly max?: number | undefined;
  readonly min?: number | undefined;
  readonly isChanged: boolean;
  readonly clientsSee: string;
  /** Of a colour: what is saved, whatever was typed. */
  readonly saved?: string | undefined;
  /** What somebody else has saved meanwhile, where this reader typed something, too. */
  readonly theirs: string;
}

/** What was typed into a refused form, what its page had shown, and what is saved now. Of these a page shows what nobody wants to lose. */
export class Edit {
  readonly typed: Posted;
  readonly base: SettingsDocument;
  readonly now: SettingsDocument;
  constructor(typed: Posted, stored: Stored) {
    this.typed = typed;
    this.now = stored.draft;
    this.base = 'seen' in typed ? readSeen(typed['seen']) : stored.draft;
  }
  /** What the reader typed; where nothing was typed over, what is saved now. */
  merge<T extends string | string[]>(name: string, base: T, now: T): { value: T; isContested: boolean } {
    const typed = name in this.typed ? (plain(this.typed[name], base) as T) : base;
    const isTyped = !isSameValue(typed, base);
    return { value: isTyped ? typed : now, isContested: isTyped && !isSameValue(base, now) && !isSameValue(typed, now) };
  }
  meanwhile(words: Words): Change[] {
    return listChanges(this.base, this.now, words);
  }
}

export function fieldsOf(section: Section, stored: Stored, edit: Edit, words: Words): Field[] {
  return namesIn(section).filter((name) => !isList(name)).map((name) => {
    const { control, initial, max, min } = settings[name];
    const { value, isContested } = edit.merge(name, formValue(name, edit.base), formValue(name, edit.now));
    const hint = `${words.t(`settings.${name}`)} ${words.t('settings.at-first', { value: shown(name, initial, words) })}`;
    return {
      name, control, hint, max, min, value,
      label: words.t(`settings.${name}-label`),
      options: optionsOf(name, words),
      isChanged: !isSameValue(stored.draft[name], stored.published[name]),
      clientsSee: shown(name, stored.published[name], words),
      saved: control === 'colour' ? String(edit.now[name]) : undefined,
      theirs: isContested ? shown(name, edit.now[name], words) : '',
    };
  });
}

/** The rows of the editor of a list, in the order that was posted unless only somebody else has changed it. */
export function editedRows(list: ListName, edit: Edit, words: Words): TabRow[] {
  const [base, now] = [listRows(list, edit.base[list], words), listRows(list, edit.now[list], words)];
  const merged = now.map((row) => {
    const was = base.find(({ key }) => key === row.key) ?? row;
    const value = (part: 'enabled' | 'label') => edit.merge(`${list}.${row.key}.${part}`, was[part], row[part]).value;
    return { ...row, enabled: value('enabled') as TabRow['enabled'], label: value('label') };
  });
  const posted = edit.merge(`${list}.order`, base.map(({ key }) => key).join(), now.map(({ key }) => key).join());
  return inPostedOrder(merged, posted.value);
}

function optionsOf(name: SettingName, words: Words): { value: string; label: string }[] {
  return (settings[name].choices ?? []).map((value) => ({ value, label: labelOf(name, value, words) }));
}

/** As formValue gives it: check boxes are sent with an empty text, so that none of them is an answer, too; browsers end lines in their own way. */
function plain(typed: unknown, like: unknown): unknown {
  if (Array.isArray(like)) return [typed].flat().filter((item) => item !== '');
  return String(typed).replace(/\r\n?/g, '\n');
}
