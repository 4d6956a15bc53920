import type { SettingsDocument } from '../settings/schema.ts';
import { schema } from '../settings/schema.ts';
import type { Site } from '../site/site.ts';

export type UsageColumn = SettingsDocument['usage.columns_default'][number] | SettingsDocument['usage.columns_extra'][number];

const six: readonly UsageColumn[] = schema['usage.columns_default'].choices;
export const allColumns: readonly UsageColumn[] = [...six, ...schema['usage.columns_extra'].choices];

/** The columns that somebody can have here, in the order in which they stand. */
export function columnsOf(site: Site): UsageColumn[] {
  return allColumns.filter((column) => six.includes(column) || site.extraUsageColumns.some((extra) => extra === column));
}

/** What somebody has chosen, without what the organization has taken away since; where nothing is left, what everybody sees at first. */
export function shownColumns(site: Site, chosen: readonly string[] | null): UsageColumn[] {
  const kept = columnsOf(site).filter((column) => chosen?.includes(column));
  return kept.length ? kept : columnsOf(site).filter((column) => site.usageColumns.some((first) => first === column));
}
