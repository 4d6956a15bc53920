import { open, type FileHandle } from 'node:fs/promises';

/** Writes rows in the text format of COPY, in large pieces. */
export class SpoolWriter {
  readonly #handle: FileHandle;
  #waiting = '';

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(file: string): Promise<SpoolWriter> {
    return new SpoolWriter(await open(file, 'w', 0o600));
  }

  async write(cells: readonly (string | null)[]): Promise<void> {
    this.#waiting += `${cells.map((cell) => (cell === null ? '\\N' : escapeCell(cell))).join('\t')}\n`;
    if (this.#waiting.length > 65_536) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    await this.#handle.appendFile(this.#waiting);
    this.#waiting = '';
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCell(cell: string): string {
  return /[\\\n\r\t]/.test(cell) ? cell.replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? '') : cell;
}
