/** What a handler returns. It never draws: the transaction is over before a page is. */
export type Reply = Page | SeeOther | Download | Events;

/** Something a page that only reads must still record (viewed, exported): written after the commit, in a transaction of its own. */
export type Note = () => Promise<void>;

export class Page {
  readonly view: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly notes: Note[] = [];
  status = 200;
  constructor(view: string, data: Readonly<Record<string, unknown>>) {
    this.view = view;
    this.data = data;
  }
  note(note: Note): this {
    this.notes.push(note);
    return this;
  }
  withStatus(status: number): this {
    this.status = status;
    return this;
  }
}

export class SeeOther {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

export class Download {
  readonly file: DownloadedFile;
  readonly notes: Note[] = [];
  constructor(file: DownloadedFile) {
    this.file = file;
  }
  note(note: Note): this {
    this.notes.push(note);
    return this;
  }
}

/** An answer that stays open and tells whenever something of the account has changed; null: of any account. */
export class Events {
  readonly accountId: string | null;
  readonly notes: Note[] = [];
  constructor(accountId: string | null) {
    this.accountId = accountId;
  }
}

export interface DownloadedFile {
  readonly name: string;
  readonly type: string;
  /** Made after the commit from data read before it: never holds a connection. */
  readonly make: () => Promise<Buffer | string>;
  readonly inline?: boolean;
}

export const page = (view: string, data: Readonly<Record<string, unknown>> = {}): Page => new Page(view, data);
export const seeOther = (path: string): SeeOther => new SeeOther(path);
export const events = (accountId: string | null): Events => new Events(accountId);
export const file = (download: DownloadedFile): Download => new Download(download);
