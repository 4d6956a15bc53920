/** The first of a day's month. */
export const monthOf = (day: string): string => `date_trunc('month', (${day})::timestamp)::date`;

/**
 * A value where the planner does not look. What it knows, a range of days above all, it takes for shorter than what it does not know, so
 * that the plan for all values looks dearer than one made for these alone: every request would be planned anew, at three times the cost.
 */
export const unseen = (value: string): string => `(select ${value})`;
