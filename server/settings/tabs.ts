import type { Feature } from '../tenancy/feature.ts';
import type { Words } from './changes.ts';
import { isSameValue } from './draft.ts';
import { oneLine, textOf, type Posted } from './form.ts';
import type { TabSetting } from './schema.ts';

/** One line of the tabs editor. */
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
}

export const labelMax = 30;
const labelText = oneLine(labelMax);

/** A row for every feature that has a tab, in the organization's order; those it has not listed come last and are off. */
export function tabRows(tabs: readonly TabSetting[], { features, t }: Words): TabRow[] {
  const place = (key: string) => (tabs.findIndex((tab) => tab.key === key) + 1 || 99);
  return features.flatMap((feature) => (feature.tab ? [rowOf({ ...feature, tab: feature.tab }, tabs.find(({ key }) => key === feature.key), t)] : []))
    .toSorted((one, other) => place(one.key) - place(other.key));
}

/**
 * The tabs as a form gives them, and what is wrong with them, by field. What the form leaves out stays as `current` has it, so does
 * what belongs to no feature of this release; `published` comes back as it is when nothing differs from it.
 */
export function readTabs(body: Posted, { current, published }: { current: readonly TabSetting[]; published: readonly TabSetting[] }, words: Words) {
  const errors: Record<string, string> = {};
  const rows = inPostedOrder(tabRows(current, words), textOf(body['tabs.order'])).map((row) => {
    const enabled = body[`tabs.${row.key}.enabled`] ?? row.enabled;
    const wrong = enabledError(row, enabled);
    if (wrong) errors[`tabs.${row.key}.enabled`] = words.t(wrong);
    const given = labelText.safeParse(body[`tabs.${row.key}.label`] ?? row.label);
    if (!given.success) errors[`tabs.${row.key}.label`] = words.t('settings.error-too-long', { max: labelMax });
    return { ...row, enabled: enabled as TabSetting['enabled'], label: given.data ?? '' };
  });
  const wanted = move(rows, textOf(body['move']));
  const tabs = isSameValue(wanted, tabRows(published, words)) ? [...published] : isSameValue(wanted, tabRows(current, words)) ? [...current] : settingOf(wanted, current);
  return { tabs, errors };
}

function rowOf(feature: Feature & Required<Pick<Feature, 'tab'>>, setting: TabSetting | undefined, t: Words['t']): TabRow {
  const { key, tab } = feature;
  const isFixed = tab.always ?? false;
  const mayBeAuto = Boolean(feature.exists) && !isFixed;
  const enabled = isFixed ? 'on' : setting?.enabled === 'auto' && !mayBeAuto ? 'off' : (setting?.enabled ?? 'off');
  return { key, name: tab.label(t), icon: tab.icon, enabled, label: setting?.label ?? '', isFixed, mayBeAuto };
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

/** 'invoices up' changes places with the one above it. */
function move(rows: readonly TabRow[], wish: string): TabRow[] {
  const [key, way] = wish.split(' ');
  const from = rows.findIndex((row) => row.key === key);
  const to = from + (way === 'up' ? -1 : 1);
  const [row, other] = [rows[from], rows[to]];
  return row && other && (way === 'up' || way === 'down') ? rows.with(from, other).with(to, row) : [...rows];
}

function settingOf(rows: readonly TabRow[], current: readonly TabSetting[]): TabSetting[] {
  const edited = rows.map(({ key, enabled, label }) => ({ key, enabled, ...(label && { label }) }));
  const inPlace = current.map((tab) => (rows.some((row) => row.key === tab.key) ? edited.shift() : tab));
  return [...inPlace.filter((tab) => tab !== undefined), ...edited];
}
