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

type Message = string | Asked | { readonly statements: readonly Asked[] };

/** What this process sends to PostgreSQL while the work goes on, in order, session store and all. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const seen: Statement[] = [];
  await watching(work, (first, values) => {
    const asked = typeof first === 'string' ? [{ text: first, ...(Array.isArray(values) && { values }) }] : 'statements' in first ? first.statements : [first];
    seen.push(...asked.map(({ text = '', name, values: given = [] }: Asked) => ({ text, name, values: given })));
  });
  return seen;
}

/** In how many messages it is sent. */
export async function messagesOf(work: () => Promise<unknown>): Promise<number> {
  let sent = 0;
  await watching(work, () => (sent += 1));
  return sent;
}

async function watching(work: () => Promise<unknown>, see: (first: Message, values: unknown) => void): Promise<void> {
  // oxlint-disable-next-line typescript/unbound-method
  const original = Client.prototype.query as (...args: unknown[]) => unknown;
  Object.assign(Client.prototype, {
    query(this: Client, ...args: unknown[]): unknown {
      see(args[0] as Message, args[1]);
      return original.apply(this, args);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(Client.prototype, { query: original });
  }
}

/** Without what opens and ends the transaction and what the session store asks. */
export function ofThePage(statements: readonly Statement[]): Statement[] {
  return statements.filter(({ text }) => !/^\s*(start transaction|begin|commit|rollback|set |select app\.enter)/i.test(text) && !/app"?\."?sessions/.test(text));
}
