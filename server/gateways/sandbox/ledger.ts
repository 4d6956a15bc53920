import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ChargeRequest, Outcome, RefundRequest, SavedMethod, SavingRequest } from '../gateway.ts';

export type Session = { readonly type: 'session'; readonly session: string; readonly openedAt: number } & Readonly<SavingRequest>;

export interface Method {
  readonly type: 'method';
  readonly session: string;
  readonly tenantId: string;
  /** The id of the test number behind the token; the number itself is not kept. */
  readonly number: string;
  readonly saved: SavedMethod;
}

export type Charge = Readonly<ChargeRequest> & {
  readonly type: 'charge';
  readonly reference: string | null;
  readonly result: 'approved' | 'declined' | 'clears' | 'returns';
  readonly message: string;
  readonly chargedAt: number;
};

export type Refund = Readonly<RefundRequest> & { readonly type: 'refund'; readonly answer: Outcome };

export interface Cancellation {
  readonly type: 'cancellation';
  readonly key: string;
}

export interface Detachment {
  readonly type: 'detachment';
  readonly token: string;
}

export type Operation = Charge | Refund | Cancellation;
export type Entry = Session | Method | Detachment | Operation;

/** Reads the record back, or begins one. Throws when a line other than a torn last one cannot be read. */
export async function openLedger(folder: string): Promise<Ledger> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'sandbox-ledger.jsonl');
  const handle = await open(file, 'a', 0o600);
  try {
    const written = await readFile(file);
    const whole = written.subarray(0, written.lastIndexOf('\n') + 1);
    const entries = whole.toString('utf8').split('\n').slice(0, -1).map((line, index) => entryOf(line, `${file}:${index + 1}`));
    // A kill in mid-write leaves half a line that nobody was told about. It has to go, or the next line would be glued to it.
    await handle.truncate(whole.length);
    await syncFolder(folder);
    return new Ledger(handle, whole.length, entries);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * What the sandbox knows, in memory and on disk. `append` takes effect in memory at once, so that a check and the append after it
 * are one step; nothing may be answered to anybody before `written()`, or a kill could make the answer untrue.
 */
export class Ledger {
  readonly sessions = new Map<string, Session>();
  readonly savedIn = new Map<string, Method>();
  readonly methods = new Map<string, Method>();
  readonly detached = new Set<string>();
  readonly operations = new Map<string, Operation>();
  readonly charges = new Map<string, Charge>();
  readonly refundedCents = new Map<string, number>();
  /** Kept when a write has failed. */
  readonly broken: Promise<Error>;
  readonly #break: (error: Error) => void;
  readonly #handle: FileHandle;
  #size: number;
  #waiting: Entry[] = [];
  #tail: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(handle: FileHandle, size: number, entries: readonly Entry[]) {
    ({ promise: this.broken, resolve: this.#break } = Promise.withResolvers<Error>());
    this.#handle = handle;
    this.#size = size;
    for (const entry of entries) this.#apply(entry);
  }

  append(entry: Entry): Promise<void> {
    this.#apply(entry);
    this.#waiting.push(entry);
    return this.written();
  }

  /** Everything known by now is on disk. One failed write fails every later call: memory is ahead of the disk for good. */
  written(): Promise<void> {
    if (this.#next) return this.#next;
    this.#next = this.#tail = this.#tail.then(() => {
      this.#next = null;
      return this.#write();
    });
    this.#tail.catch(this.#break);
    return this.#next;
  }

  async close(): Promise<void> {
    await this.written().finally(() => this.#handle.close());
  }

  #apply(entry: Entry): void {
    if (entry.type === 'session') this.sessions.set(entry.session, entry);
    else if (entry.type === 'detachment') this.detached.add(entry.token);
    else if (entry.type === 'method') {
      this.savedIn.set(entry.session, entry);
      this.methods.set(entry.saved.token, entry);
    } else if (!this.operations.has(entry.key)) this.#applyOperation(entry);
  }

  #applyOperation(entry: Operation): void {
    this.operations.set(entry.key, entry);
    if (entry.type === 'charge' && entry.reference !== null) this.charges.set(entry.reference, entry);
    if (entry.type !== 'refund' || entry.answer.outcome !== 'succeeded') return;
    this.refundedCents.set(entry.reference, (this.refundedCents.get(entry.reference) ?? 0) + entry.amountCents);
  }

  async #write(): Promise<void> {
    const lines = Buffer.from(this.#waiting.splice(0).map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await this.#demandSize();
    if (lines.length === 0) return;
    await this.#handle.appendFile(lines);
    this.#size += lines.length;
    await this.#demandSize();
    await this.#handle.sync();
  }

  /** A second sandbox on the same folder would charge a key that this one does not know of. */
  async #demandSize(): Promise<void> {
    if ((await this.#handle.stat()).size !== this.#size) throw new Error('another process writes to the record of the sandbox gateway');
  }
}

function entryOf(line: string, place: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    throw new Error(`the record of the sandbox gateway cannot be read at ${place}`);
  }
}

/** A new file's name is in the folder, and that is on disk only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
