import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { birthOf } from '../processes.ts';

/** Keeps a second portal off the same data. A lock whose holder has died counts for nothing. */
export class DataLock {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'portico.lock');
  }

  /** Returns the pid of the process that holds it already, or undefined when it is ours now. */
  take(): number | undefined {
    for (;;) {
      if (this.#link()) return undefined;
      const holder = this.#holder();
      if (holder) return holder;
      rmSync(this.#file, { force: true });
    }
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }

  #link(): boolean {
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, `${process.pid} ${birthOf(process.pid)}`, { mode: 0o600 });
    try {
      linkSync(draft, this.#file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      rmSync(draft);
    }
  }

  #holder(): number | undefined {
    try {
      const [pid = '', ...birth] = readFileSync(this.#file, 'utf8').split(' ');
      return birthOf(Number(pid)) === birth.join(' ') ? Number(pid) : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return undefined;
    }
  }
}
