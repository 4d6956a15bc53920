import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StartError } from '../../config.ts';
import { findPrograms, type Programs } from './programs.ts';

/** The account the server runs as; undefined when it runs as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

/** Where the server's programs are, and the folder that holds its data. */
export type Place = { readonly programs: Programs; readonly home: string; readonly user: ServerUser };

/**
 * PostgreSQL refuses to run as root. Started by root it therefore runs as another account, and when that one cannot
 * enter the project's folder or DATA_DIR (a clone below /root), programs and data go where it can; `say` tells.
 */
export async function findPlace(dataDir: string, say: (line: string) => void): Promise<Place> {
  const programs = findPrograms();
  if (process.getuid?.() !== 0) return { programs, home: dataDir, user: undefined };
  const kept = keptHome(dataDir);
  const user = ownerOf(path.join(kept ?? dataDir, 'postgres')) ?? unprivilegedUser();
  const home = kept ?? (mayEnter(user, dataDir) ? dataDir : makeOutside(dataDir));
  const place = { programs: mayRun(user, programs) ? programs : await copyPrograms(programs, home === dataDir ? makeOutside(dataDir) : home), home, user };
  if (!mayRun(user, place.programs)) throw new StartError('PostgreSQL may not run as root, and no other account could run it: start Portico as an ordinary user, or set DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL.');
  if (home !== dataDir) writeFileSync(path.join(dataDir, 'postgres-home'), home);
  if (home !== dataDir || place.programs !== programs) say(`PostgreSQL may not run as root, and its account cannot enter this folder: its data are in ${home}, its programs in ${place.programs.folder}.`);
  return place;
}

function keptHome(dataDir: string): string | undefined {
  const note = path.join(dataDir, 'postgres-home');
  if (!existsSync(note)) return undefined;
  const home = readFileSync(note, 'utf8').trim();
  if (existsSync(home)) return home;
  throw new StartError(`The database was in ${home}, which is gone: bring it back, or delete ${dataDir} to begin with an empty database.`);
}

/** Data that an ordinary user has made is served as that user. */
function ownerOf(data: string): ServerUser {
  const { uid = 0, gid = 0 } = statSync(data, { throwIfNoEntry: false }) ?? {};
  return uid === 0 ? undefined : { uid, gid };
}

function unprivilegedUser(): ServerUser {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((option) => spawnSync('id', [option, name], { encoding: 'utf8' }).stdout?.trim());
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StartError('PostgreSQL may not run as root, and this machine has neither an account "postgres" nor "nobody": start Portico as an ordinary user.');
}

function mayEnter(user: ServerUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...user, cwd: '/' }).status === 0;
}

function mayRun(user: ServerUser, programs: Programs): boolean {
  return spawnSync(programs.postgres, ['-V'], { ...user, cwd: '/' }).status === 0;
}

/** The name is the same at every start, so that a start cut short leaves nothing behind. */
function makeOutside(dataDir: string): string {
  const name = `portico-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
  const folder = [path.join('/var/lib', name), path.join(tmpdir(), name)].find(isOursToUse);
  if (folder) return folder;
  throw new StartError(`PostgreSQL may not run as root, and its account cannot enter ${dataDir}: set DATA_DIR to a folder that others may enter, such as /srv/portico.`);
}

function isOursToUse(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    // In a folder that all may write, somebody else could have put a link or a folder of this name.
    const found = lstatSync(folder);
    if (found.uid !== 0 || !found.isDirectory()) return false;
    chmodSync(folder, 0o755);
    return true;
  } catch {
    return false;
  }
}

async function copyPrograms(programs: Programs, outside: string): Promise<Programs> {
  const folder = path.join(outside, `programs-${programs.version}`);
  if (!existsSync(folder)) {
    for (const old of readdirSync(outside).filter((name) => name.startsWith('programs-'))) rmSync(path.join(outside, old), { recursive: true });
    await cp(programs.folder, `${folder}.new`, { recursive: true, verbatimSymlinks: true });
    openToOthers(`${folder}.new`);
    renameSync(`${folder}.new`, folder);
  }
  return { ...programs, folder, initdb: path.join(folder, 'bin/initdb'), postgres: path.join(folder, 'bin/postgres') };
}

/** Installed under a strict umask, the files may be readable by root alone. */
function openToOthers(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() || entry.parentPath.endsWith('/bin') ? 0o755 : 0o644);
  }
}
