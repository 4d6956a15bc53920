import pg, { Connection, type Client, type FieldDef, type QueryConfig, type QueryResultRow } from 'pg';

/** What of pg has no types. */
type Parsed = Connection & Record<'parsedStatements' | 'submittedNamedStatements', Record<string, string>>;
type Writing = Record<'parse' | 'bind' | 'describe' | 'execute', (message: object) => void> & { sync(): void };
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

export interface Answer {
  readonly rows: QueryResultRow[];
  readonly rowCount: number;
}

/**
 * Several statements in one message to the server, answered in one: one round trip, one transaction, which ends with them. Nothing
 * else can come between, and when one fails none of them has happened. A client of node-postgres takes it for one query.
 */
export class Exchange {
  callback: ((error: unknown) => void) | undefined;
  private readonly client: Client;
  private readonly statements: readonly QueryConfig[];
  private readonly answers: QueryResultRow[][];
  private columns: (Columns | undefined)[] = [];
  private answered = 0;
  private failure: unknown;

  private constructor(client: Client, statements: readonly QueryConfig[]) {
    this.client = client;
    this.statements = statements;
    this.answers = statements.map(() => []);
  }

  /** The answers, in the order of the statements. */
  static with(client: Client, statements: readonly QueryConfig[]): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(client, statements);
      const done = (error: unknown) => (error ? reject(error) : resolve(exchange.answers.map((rows) => ({ rows, rowCount: rows.length }))));
      (client as unknown as { query(one: Exchange, done: (error: unknown) => void): void }).query(exchange, done);
    });
  }

  /** Of the one that is being answered: the client keeps by its name that it has been parsed. */
  get name(): string | undefined {
    return this.statements[this.answered]?.name;
  }
  get text(): string | undefined {
    return this.statements[this.answered]?.text;
  }

  submit(connection: Parsed): Error | null {
    try {
      const known = columnsOf(connection);
      this.columns = this.statements.map(({ name = '' }) => known.get(name));
      for (const [at, statement] of this.statements.entries()) write(statement, connection, !this.columns[at]);
      paper.sync();
      connection.stream.write(Buffer.concat(pieces));
      return null;
    } catch (error) {
      this.forget(connection, 0);
      return error as Error;
    } finally {
      pieces.length = 0;
    }
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    const columns = new Columns(fields, this.client);
    this.columns[this.answered] = columns;
    if (this.name) columnsOf((this.client as unknown as { connection: Connection }).connection).set(this.name, columns);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.failure) return;
    try {
      this.answers[this.answered]!.push(this.columns[this.answered]!.read(fields));
    } catch (error) {
      this.failure = error;
    }
  }

  handleCommandComplete(): void {
    this.answered += 1;
  }
  handleEmptyQuery(): void {
    this.answered += 1;
  }

  handleError(error: Error, connection: Parsed): void {
    this.forget(connection, this.answered);
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.callback?.(this.failure);
  }

  /** None from there on has reached the server's list of parsed statements. */
  private forget({ submittedNamedStatements }: Parsed, from: number): void {
    for (const { name } of this.statements.slice(from)) if (name) Reflect.deleteProperty(submittedNamedStatements, name);
  }
}

/** What is written here leaves in one piece. */
const pieces: Buffer[] = [];
const paper = new Connection({ stream: { writable: true, write: (piece: Buffer) => pieces.push(piece) } as never }) as unknown as Writing;

function write({ name = '', text, values }: QueryConfig, { parsedStatements: parsed, submittedNamedStatements: sent }: Parsed, describe: boolean): void {
  const before = name && (parsed[name] ?? sent[name]);
  if (before && before !== text) throw new Error(`'${name}' was prepared for another text`);
  if (!before) paper.parse({ name, text });
  if (name && !before) sent[name] = text;
  paper.bind({ statement: name, values, valueMapper: prepareValue });
  if (describe) paper.describe({ type: 'P' });
  paper.execute({});
}

/** How rows are read. */
class Columns {
  private readonly names: readonly string[];
  private readonly parsers: readonly ((text: string) => unknown)[];
  /** A copy of it gets its values faster than an object that gets its columns one by one. */
  private readonly empty: QueryResultRow;

  constructor(fields: readonly FieldDef[], client: Client) {
    this.names = fields.map(({ name }) => name);
    this.parsers = fields.map(({ dataTypeID }) => client.getTypeParser(dataTypeID, 'text'));
    this.empty = Object.fromEntries(this.names.map((name) => [name, null]));
  }

  read(values: readonly (string | null)[]): QueryResultRow {
    const row = { ...this.empty };
    for (const [at, value] of values.entries()) if (value !== null) row[this.names[at]!] = this.parsers[at]!(value);
    return row;
  }
}

const described = new WeakMap<Connection, Map<string, Columns>>();

/** Of prepared statements, by their names: those of one that a connection has prepared stay as they are, so the server is asked for them once. */
function columnsOf(connection: Connection): Map<string, Columns> {
  let known = described.get(connection);
  if (!known) described.set(connection, known = new Map());
  return known;
}
