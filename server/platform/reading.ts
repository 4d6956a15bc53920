import { DatabaseError, type Client, type QueryConfig } from 'pg';
import { Exchange, type Answer } from './exchange.ts';

/** Lends a connection for as long as the work goes on. */
export type Lend = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

interface Waiting {
  readonly statement: QueryConfig;
  readonly resolve: (result: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes the place of a connection for work that only reads. What is asked in one turn of the event loop goes to the server in one
 * message, which begins with the opening statement; between messages no connection is held and no transaction is open. The opening
 * has to answer the same each time: once it does not, nothing that came with it is given out.
 */
export class Reading {
  /** What the opening answered last; undefined as long as it has not been asked. */
  private said: string | null | undefined;
  private readonly opening: QueryConfig;
  private readonly expected: string | null;
  private readonly lend: Lend;
  private failure: unknown;
  private waiting: Waiting[] = [];

  /** `said`: what the opening has just answered, so that it need not be asked for itself again. */
  constructor(opening: QueryConfig, expected: string | null, lend: Lend, said?: string | null) {
    this.opening = opening;
    this.said = said;
    this.expected = expected;
    this.lend = lend;
  }

  /** As a client of node-postgres answers: with a promise, or to the callback that Sequelize gives. */
  query(asked: string | QueryConfig, ...rest: unknown[]): Promise<Answer> | undefined {
    const [values, callback] = typeof rest[0] === 'function' ? [undefined, rest[0]] : rest;
    const answer = this.ask(typeof asked === 'string' ? { text: asked, ...(Array.isArray(values) && { values }) } : asked);
    if (typeof callback !== 'function') return answer;
    answer.then((result) => void callback(null, result), (error: unknown) => void callback(error));
    return undefined;
  }

  /** What the opening says; asked alone when nothing else has been asked. */
  async verify(): Promise<string | null> {
    if (this.said === undefined && this.failure) throw new Unanswered(this.failure);
    if (this.said === undefined) await this.send([]);
    return this.said ?? null;
  }

  private ask(statement: QueryConfig): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // After all that this turn still has to do: whatever it asks, too, goes along.
      if (!this.waiting.length) process.nextTick(() => void this.sendWaiting());
      this.waiting.push({ statement, resolve, reject });
    });
  }

  private async sendWaiting(): Promise<void> {
    const sent = this.waiting;
    this.waiting = [];
    try {
      const results = await this.send(sent.map(({ statement }) => statement));
      if (this.said !== this.expected) throw new OpenedOtherwise();
      for (const [at, { resolve }] of sent.entries()) resolve(results[at]!);
    } catch (error) {
      if (!isServersWord(error)) this.failure = error;
      for (const { reject } of sent) reject(error);
    }
  }

  private async send(statements: readonly QueryConfig[]): Promise<Answer[]> {
    const [opened, ...results] = await this.lend((client) => Exchange.with(client, [this.opening, ...statements]));
    const said = (Object.values(opened?.rows[0] ?? {})[0] ?? null) as string | null;
    // What differed once stays so, whatever comes after it.
    if (this.said === undefined || this.said === this.expected) this.said = said;
    return results;
  }
}

/** Caught by whoever has opened: the work is done again with what the opening says now. */
class OpenedOtherwise extends Error {
  constructor() {
    super('the opening statement answers otherwise than it did');
  }
}

/** The opening could not be asked, so nothing is known; `cause` is why. */
export class Unanswered extends Error {
  constructor(cause: unknown) {
    super('the opening statement was not answered', { cause });
  }
}

/** The server has said no, and listens on; after anything else (57P: it ends the connection) nobody knows what the connection is in the middle of. */
export function isServersWord(error: unknown): boolean {
  return error instanceof DatabaseError && !error.code?.startsWith('57P');
}
