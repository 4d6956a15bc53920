import { isSameValue } from '../settings-drafts/draft.ts';
import { initialSettings, type SettingName, type SettingsDocument } from '../settings/schema.ts';
import { shown, type Words } from './changes.ts';
import { namesIn, sections, type Section } from './fields.ts';

/** One setting in the list of those that were looked for. */
export interface FoundSetting {
  readonly name: SettingName;
  readonly section: Section;
  readonly label: string;
  readonly value: string;
  /** Not as the product begins. */
  readonly isOwn: boolean;
}

export function listSettings(published: SettingsDocument, words: Words): FoundSetting[] {
  return sections.flatMap((section) => namesIn(section).map((name) => ({
    name, section,
    label: words.t(`settings.${name}-label`),
    value: shown(name, published[name], words),
    isOwn: !isSameValue(published[name], initialSettings[name]),
  })));
}

/** Every word is found somewhere in label, sentence, section or value; accents and capitals do not matter. */
export function findSettings(all: readonly FoundSetting[], search: string, { t }: Words): FoundSetting[] {
  const wanted = plain(search).split(/\s+/).filter(Boolean);
  return all.filter(({ name, section, label, value }) => {
    const text = plain([label, t(`settings.${name}`), t(`settings.section-${section}`), value].join(' '));
    return wanted.every((word) => text.includes(word));
  });
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
