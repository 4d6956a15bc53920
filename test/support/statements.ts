import { Client } from 'pg';

export interface Statement {
  readonly text: string;
  /** Prepared statements have one. */
  readonly name: string | undefined;
  readonly values: readonly unknown[];
}

interface Asked {
  readonly text?: string;
  readonly name?: string;
  readonly values?: readonly unknown[];
}

/** What this process sends to PostgreSQL while the work goes on, in order, session store and all. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const seen: Statement[] = [];
  // oxlint-disable-next-line typescript/unbound-method
  const original = Client.prototype.query as (...args: unknown[]) => unknown;
  Object.assign(Client.prototype, {
    query(this: Client, ...args: unknown[]): unknown {
      const [first, values] = args as [string | Asked | { readonly statements: readonly Asked[] }, unknown];
      const asked = typeof first === 'string' ? [{ text: first, ...(Array.isArray(values) && { values }) }] : 'statements' in first ? first.statements : [first];
      seen.push(...asked.map(({ text = '', name, values: given = [] }: Asked) => ({ text, name, values: given })));
      return original.apply(this, args);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(Client.prototype, { query: original });
  }
  return seen;
}

/** Without what opens and ends the transaction and what the session store asks. */
export function ofThePage(statements: readonly Statement[]): Statement[] {
  return statements.filter(({ text }) => !/^\s*(start transaction|begin|commit|rollback|set |select app\.enter)/i.test(text) && !/app"?\."?sessions/.test(text));
}
