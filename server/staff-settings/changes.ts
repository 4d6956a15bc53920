import type { Request } from 'express';
import { differences } from '../settings-drafts/draft.ts';
import { settings, settingNames, type SettingName, type SettingsDocument, type TabSetting } from '../settings/schema.ts';
import { isList, listRows, type ListName } from './tabs.ts';

/** What it takes to say settings in the reader's words. */
export type Words = Pick<Request, 't' | 'language' | 'features'>;

/** One difference between two states of the settings, in words. */
export interface Change {
  readonly name: SettingName;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** What clients will notice, in a sentence; where we have none, the two values say it. */
  readonly notice?: string | undefined;
}

/** In the order of the schema; the tabs give one line each for what is shown, what it is called, and the order. */
export function listChanges(before: SettingsDocument, after: SettingsDocument, words: Words): Change[] {
  const changed = differences(before, after);
  return settingNames.filter((name) => name in changed).flatMap((name) => {
    if (isList(name)) return listedChanges(name, before[name], after[name], words);
    const values = { before: shown(name, before[name], words), after: shown(name, after[name], words) };
    return [{ name, label: words.t(`settings.${name}-label`), ...values, notice: noticeOf(name, after[name], values, words) }];
  });
}

/** By the value it gets ('settings.notice-billing.prepayments-true'), or for any value. */
function noticeOf(name: SettingName, after: unknown, values: { before: string; after: string }, { t }: Words): string | undefined {
  const keys = [`settings.notice-${name}-${String(after)}`, `settings.notice-${name}`];
  return keys.map((key) => ({ key, text: t(key, values) })).find(({ key, text }) => text !== key)?.text;
}

/** A value in words. */
export function shown(name: SettingName, value: unknown, words: Words): string {
  if (isList(name)) return order(listRows(name, value as TabSetting[], words)) || words.t('settings.nothing');
  if (value === '' || (Array.isArray(value) && !value.length)) return words.t('settings.nothing');
  if (settings[name].control === 'picture') return words.t('settings.picture', { size: String(value).split('-')[1]?.replace('x', ' × ') ?? '' });
  return settings[name].choices ? [value].flat().map((item) => labelOf(name, String(item), words)).join(', ') : String(value);
}

/** One of the choices of a setting, in words. */
export function labelOf(name: SettingName, choice: string, { t, language }: Words): string {
  const { control } = settings[name];
  if (control === 'zone') return choice.replaceAll('_', ' ');
  if (control === 'currency') return `${choice} – ${currencyName(choice, language)}`;
  const key = `settings.${name}-choice-${choice}`;
  const own = t(key);
  return own === key && (choice === 'true' || choice === 'false') ? t(choice === 'true' ? 'settings.yes' : 'settings.no') : own;
}

function currencyName(code: string, language: string): string {
  let names = currencyNames.get(language);
  if (!names) currencyNames.set(language, (names = new Intl.DisplayNames([language], { type: 'currency' })));
  return names.of(code) ?? code;
}

const currencyNames = new Map<string, Intl.DisplayNames>();

function listedChanges(name: ListName, before: readonly TabSetting[], after: readonly TabSetting[], words: Words): Change[] {
  const { t } = words;
  const [old, now] = [listRows(name, before, words), listRows(name, after, words)];
  const changes: Change[] = [];
  const note = (label: string, from: string, to: string) => {
    if (from !== to) changes.push({ name, label, before: from, after: to });
  };
  for (const row of now) {
    const was = old.find(({ key }) => key === row.key) ?? row;
    note(t(`settings.${name}-named`, { tab: row.name }), t(`settings.tab-${was.enabled}`), t(`settings.tab-${row.enabled}`));
    note(t('settings.tab-label-of', { tab: row.name }), was.label || was.name, row.label || row.name);
  }
  const placed = (rows: typeof now) => rows.map(({ key }) => key).join();
  if (placed(old) !== placed(now)) note(t(`settings.${name}-order`), order(old), order(now));
  return changes;
}

/** What clients find in the bar, from left to right. */
function order(rows: readonly { enabled: string; label: string; name: string }[]): string {
  return rows.filter(({ enabled }) => enabled !== 'off').map(({ label, name }) => label || name).join(', ');
}
