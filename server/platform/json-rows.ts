/**
 * The rows of a statement, in its order, as one JSON list: `[]` where there are none. An expression, and not json_agg: a sub-select around it, or
 * an aggregate, would be set up at each execution, even for nothing.
 */
export const jsonRows = (sql: string): string => `array_to_json(array(select one from (${sql}) one))`;
