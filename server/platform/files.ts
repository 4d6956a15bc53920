import path from 'node:path';
import { Disk, errors } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';

/** Where files lie that people put in or were made for them. Who may have one is decided by the table that names its key, never here. */
export interface Files {
  /** Takes the place of what lies there. Keys are paths with / between names of ours: letters, digits, '.', '_' and '-'. */
  readonly put: (key: string, content: Uint8Array) => Promise<void>;
  /** null when there is none. */
  readonly read: (key: string) => Promise<Buffer | null>;
  /** Does nothing when there is none. */
  readonly remove: (key: string) => Promise<void>;
}

export function openFiles(dataDir: string): Files {
  const disk = new Disk(new FSDriver({ location: path.join(dataDir, 'files'), visibility: 'private' }));
  return {
    put: (key, content) => disk.put(key, content),
    read: async (key) => {
      try {
        return Buffer.from(await disk.getBytes(key));
      } catch (error) {
        // Another failure of the disk is no missing file: it must not look like one.
        if (error instanceof errors.E_CANNOT_READ_FILE && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
        throw error;
      }
    },
    remove: (key) => disk.delete(key),
  };
}
