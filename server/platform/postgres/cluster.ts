import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../config.ts';
import { tieToUs } from '../processes.ts';
import type { Place, ServerUser } from './place.ts';

/** Nothing of our own environment: PGDATA, PGPORT or LC_ALL would steer the server. */
export const bareEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Makes the data folder unless there is one. It gets its name only when it is complete, so a start cut short is done again. */
export async function prepareCluster(place: Place, adminPassword: string, fast: boolean): Promise<string> {
  const data = path.join(place.home, 'postgres');
  if (!existsSync(data)) await makeCluster(place, data, adminPassword, fast);
  const made = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  const [ours] = place.programs.version.split('.');
  if (made !== ours) throw new StartError(`The data in ${data} are of PostgreSQL ${made}, this Portico brings ${ours}: move them by pg_dump and restore (docs/operating.md), or delete the folder to begin with an empty database.`);
  return data;
}

async function makeCluster(place: Place, data: string, adminPassword: string, fast: boolean): Promise<void> {
  const draft = `${data}.new`;
  const passwordFile = `${data}.password`;
  rmSync(draft, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
  for (const file of [draft, passwordFile]) give(file, place.user);
  await initdb(place, [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, ...fast ? ['--no-sync'] : []]);
  rmSync(passwordFile);
  renameSync(draft, data);
}

function give(file: string, user: ServerUser): void {
  if (user) chownSync(file, user.uid, user.gid);
}

/** The builtin locale sorts by code point, folds every script's letters and depends on nothing of the machine. */
async function initdb(place: Place, options: readonly string[]): Promise<void> {
  const child = spawn(place.programs.initdb, [...options, '--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8',
    '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  { ...place.user, cwd: '/', env: bareEnvironment, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  tieToUs(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new StartError(`The database could not be made in ${place.home}: ${said.trim() || `initdb ended with ${code}`}`);
}
