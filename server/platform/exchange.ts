import { Query, type Client, type Connection, type QueryConfig, type QueryResult } from 'pg';

/** What node-postgres tells a query while its answer comes in. */
interface Listening {
  readonly name?: string;
  readonly text?: string;
  submit(connection: Connection): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleEmptyQuery(connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

type Parsing = Connection & { readonly submittedNamedStatements: Record<string, string>; sync(): void };

/**
 * Several statements in one message to the server, answered in one: one round trip, one transaction, which ends with them. Nothing
 * else can come between, and when one fails none of them has happened. A query of node-postgres (pg.Query) stands for each of them.
 */
export class Exchange {
  readonly statements: readonly QueryConfig[];
  callback: ((error: Error | null) => void) | undefined;
  private readonly queries: readonly Listening[];
  private readonly results: QueryResult[] = [];
  private answered = 0;
  private failure: Error | undefined;

  private constructor(client: Client, statements: readonly QueryConfig[]) {
    this.statements = statements;
    this.queries = statements.map((statement) => {
      const query = new Query({ ...statement, queryMode: 'extended' } as QueryConfig, ((error: Error | null, result: QueryResult) => this.keep(error, result)) as never) as unknown as Listening;
      // As the client does for each query of its own.
      Reflect.set(Reflect.get(query, '_result') as object, '_types', Reflect.get(client, '_types'));
      return query;
    });
  }

  /** The answers, in the order of the statements. */
  static with(client: Client, statements: readonly QueryConfig[]): Promise<QueryResult[]> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(client, statements);
      const done = (error: Error | null) => (error ? reject(error) : resolve(exchange.results));
      (client.query as unknown as (one: Exchange, done: (error: Error | null) => void) => void).call(client, exchange, done);
    });
  }

  /** The one that is being answered: the client keeps by its name that it has been parsed. */
  private get current(): Listening | undefined {
    return this.queries[this.answered];
  }
  get name(): string | undefined {
    return this.current?.name;
  }
  get text(): string | undefined {
    return this.current?.text;
  }

  submit(connection: Parsing): Error | null {
    const written: Buffer[] = [];
    const stream = { writable: true, write: (piece: Buffer) => written.push(piece) };
    const paper = Object.create(connection, { stream: { value: stream }, sync: { value: () => undefined } }) as Parsing;
    for (const query of this.queries) {
      const refused = query.submit(paper);
      if (refused) return refused;
    }
    connection.sync.call(paper);
    connection.stream.write(Buffer.concat(written));
    return null;
  }

  handleRowDescription(message: unknown): void {
    this.current?.handleRowDescription(message);
  }
  handleDataRow(message: unknown): void {
    this.current?.handleDataRow(message);
  }
  handleCommandComplete(message: unknown, connection: Connection): void {
    this.current?.handleCommandComplete(message, connection);
    this.answered += 1;
  }
  handleEmptyQuery(connection: Connection): void {
    this.current?.handleEmptyQuery(connection);
    this.answered += 1;
  }

  handleError(error: Error, connection: Parsing): void {
    // None of those behind it has reached the server's list of parsed statements.
    for (const { name } of this.queries.slice(this.answered)) if (name) delete connection.submittedNamedStatements[name];
    this.callback?.(error);
  }

  handleReadyForQuery(connection: Connection): void {
    for (const query of this.queries) query.handleReadyForQuery(connection);
    this.callback?.(this.failure ?? null);
  }

  private keep(error: Error | null, result: QueryResult): void {
    if (error) this.failure = error;
    else this.results.push(result);
  }
}
