/**
 * The rows of a statement, in its order, as one JSON list: `[]` where there are none. Cheaper than json_agg, which sets an aggregate up,
 * even for nothing.
 */
export const jsonRows = (sql: string): string => `select array_to_json(array(select one from (${sql}) one))`;
