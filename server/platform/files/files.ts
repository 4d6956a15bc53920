import path from 'node:path';
import type { Disk } from 'flydrive';

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
  let opened: Promise<Disk> | undefined;
  const disk = () => (opened ??= openDisk(path.join(dataDir, 'files')));
  return {
    put: async (key, content) => (await disk()).put(key, content),
    read: async (key) => {
      try {
        return Buffer.from(await (await disk()).getBytes(key));
      } catch (error) {
        // Another failure of the disk is no missing file: it must not look like one.
        if ((error as NodeJS.ErrnoException).code === 'E_CANNOT_READ_FILE' && ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
        throw error;
      }
    },
    remove: async (key) => (await disk()).delete(key),
  };
}

async function openDisk(location: string): Promise<Disk> {
  const [{ Disk }, { FSDriver }] = await Promise.all([import('flydrive'), import('flydrive/drivers/fs')]);
  return new Disk(new FSDriver({ location, visibility: 'private' }));
}
