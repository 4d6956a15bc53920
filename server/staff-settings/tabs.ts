import { isSameValue } from '../settings-drafts/draft.ts';
import { settings, type PanelSetting, type SettingName, type TabSetting } from '../settings/schema.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { Words } from './changes.ts';
import { oneLine, textOf, type Posted } from './form.ts';

/** What is shown, and in what order: the tabs, and the panels of the home page. Both are edited alike. */
export type ListName = 'tabs' | 'home.panels';
export const isList = (name: SettingName): name is ListName => settings[name].control === 'tabs';

/** One line of such an editor. */
export interface TabRow {
  readonly key: string;
  /** What it is called while the organization gives it no label of its own. */
  readonly name: string;
  readonly icon: string;
  readonly enabled: TabSetting['enabled'];
  /** '' for the name above. */
  readonly label: string;
  /** A portal cannot do without it. */
  readonly isFixed: boolean;
  readonly mayBeAuto: boolean;
  readonly hasLabel: boolean;
}

export const labelMax = 30;
const labelText = oneLine(labelMax);

/** A row for every feature that has one, in the organization's order; what it has not listed comes last: tabs are off then, panels on. */
export function listRows(name: ListName, given: readonly (TabSetting | PanelSetting)[], { features, t }: Words): TabRow[] {
  const place = (key: string) => (given.findIndex((item) => item.key === key) + 1 || 99);
  const makeRow = name === 'tabs' ? tabRow : panelRow;
  return features.flatMap((feature) => makeRow(feature, given.find(({ key }) => key === feature.key), t) ?? [])
    .toSorted((one, other) => place(one.key) - place(other.key));
}

/**
 * A list as a form gives it, and what is wrong with it, by field. What the form leaves out stays as `current` has it, so does
 * what belongs to no feature of this release; `published` comes back as it is when nothing differs from it.
 */
export function readList(name: ListName, body: Posted, { current, published }: { current: readonly TabSetting[]; published: readonly TabSetting[] }, words: Words) {
  const errors: Record<string, string> = {};
  const rows = inPostedOrder(listRows(name, current, words), textOf(body[`${name}.order`])).map((row) => {
    const enabled = body[`${name}.${row.key}.enabled`] ?? row.enabled;
    const wrong = enabledError(row, enabled);
    if (wrong) errors[`${name}.${row.key}.enabled`] = words.t(wrong);
    const given = labelText.safeParse(row.hasLabel ? (body[`${name}.${row.key}.label`] ?? row.label) : '');
    if (!given.success) errors[`${name}.${row.key}.label`] = words.t('settings.error-too-long', { max: labelMax });
    return { ...row, enabled: enabled as TabSetting['enabled'], label: given.data ?? '' };
  });
  const wanted = move(rows, name, textOf(body['move']));
  const isAs = (other: readonly TabSetting[]) => isSameValue(wanted, listRows(name, other, words));
  const value = isAs(published) ? [...published] : isAs(current) ? [...current] : settingOf(wanted, current);
  return { value, errors };
}

function tabRow({ key, tab, exists }: Feature, setting: TabSetting | undefined, t: Words['t']): TabRow | undefined {
  if (!tab) return undefined;
  const isFixed = tab.always ?? false;
  const mayBeAuto = Boolean(exists) && !isFixed;
  const enabled = isFixed ? 'on' : setting?.enabled === 'auto' && !mayBeAuto ? 'off' : (setting?.enabled ?? 'off');
  return { key, name: tab.label(t), icon: tab.icon, enabled, label: setting?.label ?? '', isFixed, mayBeAuto, hasLabel: true };
}

function panelRow({ key, panel, tab }: Feature, setting: PanelSetting | undefined, t: Words['t']): TabRow | undefined {
  if (!panel) return undefined;
  return { key, name: panel.label(t), icon: tab?.icon ?? 'card-list', enabled: setting?.enabled === 'off' ? 'off' : 'on', label: '', isFixed: false, mayBeAuto: false, hasLabel: false };
}

function enabledError(row: TabRow, enabled: unknown): string | undefined {
  if (row.isFixed) return enabled === 'on' ? undefined : 'settings.error-tab-fixed';
  if (enabled === 'on' || enabled === 'off' || (enabled === 'auto' && row.mayBeAuto)) return undefined;
  return 'settings.error-choice';
}

/** 'home,invoices': those it does not name keep their order behind the others. */
export function inPostedOrder(rows: readonly TabRow[], posted: string): TabRow[] {
  const order = posted.split(',');
  const place = (row: TabRow) => (order.indexOf(row.key) + 1 || 99);
  return rows.toSorted((one, other) => place(one) - place(other));
}

/** 'tabs.invoices up' changes places with the one above it. */
function move(rows: readonly TabRow[], name: ListName, wish: string): TabRow[] {
  const [moved, way] = wish.split(' ');
  const from = rows.findIndex((row) => `${name}.${row.key}` === moved);
  const to = from + (way === 'up' ? -1 : 1);
  const [row, other] = [rows[from], rows[to]];
  return row && other && (way === 'up' || way === 'down') ? rows.with(from, other).with(to, row) : [...rows];
}

function settingOf(rows: readonly TabRow[], current: readonly TabSetting[]): TabSetting[] {
  const edited = rows.map(({ key, enabled, label }) => ({ key, enabled, ...(label && { label }) }));
  const inPlace = current.map((tab) => (rows.some((row) => row.key === tab.key) ? edited.shift() : tab));
  return [...inPlace.filter((tab) => tab !== undefined), ...edited];
}
