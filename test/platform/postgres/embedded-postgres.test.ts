import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Client } from 'pg';
import { StartError } from '../../../server/config.ts';
import { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from '../../../server/platform/postgres/embedded-postgres.ts';
import { isAlive } from '../../../server/platform/processes.ts';

const isRoot = process.getuid?.() === 0;

describe('embedded PostgreSQL', function () {
  this.timeout(60_000);
  let dataDir: string;
  let said: string[];
  let running: EmbeddedPostgres[];
  let portals: ChildProcess[];

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'portico-embedded-'));
    chmodSync(dataDir, 0o755);
    [said, running, portals] = [[], [], []];
  });
  afterEach(async () => {
    for (const portal of portals) portal.kill('SIGKILL');
    for (const postgres of running) await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (more: Partial<EmbeddedOptions> = {}) => {
    const postgres = await startEmbeddedPostgres({ dataDir, say: (line) => said.push(line), fast: true, ...more });
    running.push(postgres);
    return postgres;
  };

  /** Starts the server in a process of its own, which can be killed; returns what it writes when it is ready. */
  const startPortal = async (user: { uid?: number; gid?: number } = {}) => {
    const code = `import { startEmbeddedPostgres } from ${JSON.stringify(new URL('../../../server/platform/postgres/embedded-postgres.ts', import.meta.url).href)};
      const { ownerUrl } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, say: () => undefined, fast: true });
      console.log(ownerUrl);
      setInterval(() => undefined, 1000);`;
    const portal = spawn(process.execPath, ['--input-type=module', '-e', code], { ...user, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    portals.push(portal);
    const [line] = await once(portal.stdout, 'data') as [Buffer];
    return { portal, ownerUrl: line.toString().trim() };
  };

  it('gives three roles a database, in which only the owner may create', async () => {
    const postgres = await start();
    await query(postgres.ownerUrl, 'create table notes (id int); grant select on notes to portico_web');
    await query(postgres.ownerUrl, 'create extension citext; create extension pg_trgm');
    assert.deepEqual(await query(postgres.webUrl, 'select * from notes'), []);
    await assert.rejects(query(postgres.webUrl, 'create table mine (id int)'), /permission denied for schema public/);
    await assert.rejects(query(postgres.webUrl, 'create schema mine'), /permission denied for database/);
    await assert.rejects(query(postgres.workerUrl, 'select * from notes'), /permission denied for table notes/);
    await query(postgres.workerUrl, 'create schema graphile_worker');
    assert.deepEqual(await query(postgres.adminUrl, `select rolname from pg_roles where (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb) and rolname like 'portico%'`), []);
  });

  it('speaks UTF-8, folds every script, sorts by code point and lives in UTC', async () => {
    const { webUrl } = await start();
    assert.deepEqual(await query(webUrl, `select lower('ŁÓDŹ') folded, 'Z' < 'a' sorted, current_setting('timezone') zone, current_setting('server_encoding') encoding`),
      [{ folded: 'łódź', sorted: true, zone: 'UTC', encoding: 'UTF8' }]);
  });

  it('listens on the loopback address alone and asks for a password', async () => {
    const { adminUrl } = await start();
    assert.deepEqual(await query(adminUrl, `select current_setting('listen_addresses') host, current_setting('unix_socket_directories') socket`), [{ host: '127.0.0.1', socket: '' }]);
    await assert.rejects(query(adminUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1'), /password authentication failed/);
    assert.equal(statSync(path.join(dataDir, 'postgres.json')).mode & 0o777, 0o600);
  });

  it('keeps data, port and passwords from start to start', async () => {
    const first = await start();
    await query(first.ownerUrl, 'create table kept as select 42 as n');
    await first.stop();
    const began = Date.now();
    const second = await start();
    assert.ok(Date.now() - began < 3_000);
    assert.equal(second.ownerUrl, first.ownerUrl);
    assert.deepEqual(await query(second.ownerUrl, 'select n from kept'), [{ n: 42 }]);
  });

  it('takes another port when its own is taken', async () => {
    const first = await start();
    await first.stop();
    const thief = createServer().listen(Number(new URL(first.ownerUrl).port), '127.0.0.1');
    await once(thief, 'listening');
    const second = await start();
    thief.close();
    assert.notEqual(new URL(second.ownerUrl).port, new URL(first.ownerUrl).port);
    assert.deepEqual(await query(second.ownerUrl, 'select 1 as one'), [{ one: 1 }]);
  });

  it('stops the server that a killed portal has left, and keeps what was committed', async () => {
    const { portal, ownerUrl } = await startPortal();
    await query(ownerUrl, 'create table kept as select 42 as n');
    const orphan = serverPid(dataDir);
    portal.kill('SIGKILL');
    await once(portal, 'exit');
    assert.ok(isAlive(orphan));
    const postgres = await start();
    assert.ok(!isAlive(orphan));
    assert.match(said.join(), /left over .* has been stopped/);
    assert.deepEqual(await query(postgres.ownerUrl, 'select n from kept'), [{ n: 42 }]);
  });

  it('stops an orphan that does not answer', async () => {
    const { portal } = await startPortal();
    const orphan = serverPid(dataDir);
    portal.kill('SIGKILL');
    process.kill(orphan, 'SIGSTOP');
    await once(portal, 'exit');
    const postgres = await start();
    assert.deepEqual(await query(postgres.ownerUrl, 'select 1 as one'), [{ one: 1 }]);
  });

  it('starts after a crash of the machine, when the pid of the server belongs to somebody else', async () => {
    await (await start()).stop();
    writeFileSync(path.join(dataDir, 'postgres/postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n1\n5432\n\n127.0.0.1\n`);
    const postgres = await start();
    assert.deepEqual(await query(postgres.ownerUrl, 'select 1 as one'), [{ one: 1 }]);
  });

  it('does a half-finished first start again', async () => {
    mkdirSync(path.join(dataDir, 'postgres.new/base'), { recursive: true });
    writeFileSync(path.join(dataDir, 'postgres.new/PG_VERSION'), '18\n');
    writeFileSync(path.join(dataDir, 'postgres.password'), 'x');
    const postgres = await start();
    assert.deepEqual(await query(postgres.ownerUrl, 'select 1 as one'), [{ one: 1 }]);
    assert.ok(!existsSync(path.join(dataDir, 'postgres.new')) && !existsSync(path.join(dataDir, 'postgres.password')));
  });

  it('keeps a second portal off the same data, and lets commands join', async () => {
    const first = await start();
    await assert.rejects(start(), (error) => error instanceof StartError && /Another Portico \(process \d+\) runs on .*stop it first/.test(error.message));
    const joined = await start({ join: true });
    await joined.stop();
    assert.deepEqual(await query(first.ownerUrl, 'select 1 as one'), [{ one: 1 }]);
  });

  it('tells when the server dies, but not when it is stopped', async () => {
    const deaths: string[] = [];
    const died = new Promise<void>((resolve) => {
      void start({ onDeath: () => { deaths.push('killed'); resolve(); } }).then(() => process.kill(serverPid(dataDir), 'SIGKILL'));
    });
    await died;
    await running[0]?.stop();
    const again = await start({ onDeath: () => deaths.push('stopped') });
    await again.stop();
    assert.deepEqual(deaths, ['killed']);
  });

  it('stops once, leaves no process and no lock', async () => {
    const postgres = await start();
    const pid = serverPid(dataDir);
    await Promise.all([postgres.stop(), postgres.stop()]);
    assert.ok(!isAlive(pid));
    assert.ok(!existsSync(path.join(dataDir, 'portico.lock')));
  });

  it('refuses data of another PostgreSQL and data without its passwords', async () => {
    await (await start()).stop();
    writeFileSync(path.join(dataDir, 'postgres/PG_VERSION'), '17\n');
    await assert.rejects(start(), /are of PostgreSQL 17, this Portico brings 18: .*pg_dump/);
    rmSync(path.join(dataDir, 'postgres.json'));
    await assert.rejects(start(), /postgres\.json with the database's passwords is gone: bring it back/);
  });

  it('puts programs and data where its account can go when root starts it below a private folder', async function () {
    if (!isRoot) this.skip();
    chmodSync(dataDir, 0o700);
    const postgres = await start();
    const home = readFileSync(path.join(dataDir, 'postgres-home'), 'utf8');
    try {
      assert.match(said.join(), new RegExp(`may not run as root, .* its data are in ${home}`));
      assert.ok(existsSync(path.join(home, 'postgres/PG_VERSION')));
      await query(postgres.ownerUrl, 'create table kept as select 42 as n');
      await postgres.stop();
      assert.deepEqual(await query((await start()).ownerUrl, 'select n from kept'), [{ n: 42 }]);
    } finally {
      for (const each of running) await each.stop();
      rmSync(home, { recursive: true });
    }
  });

  it('works for an ordinary user', async function () {
    if (!isRoot) this.skip();
    const nobody = 65_534;
    chownSync(dataDir, nobody, nobody);
    const { portal, ownerUrl } = await startPortal({ uid: nobody, gid: nobody });
    assert.deepEqual(await query(ownerUrl, 'select 1 as one'), [{ one: 1 }]);
    assert.equal(statSync(`/proc/${serverPid(dataDir)}`).uid, nobody);
    portal.kill('SIGKILL');
    await once(portal, 'exit');
    // Then by root: the same account goes on serving its data.
    await start();
    assert.equal(statSync(`/proc/${serverPid(dataDir)}`).uid, nobody);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}

function serverPid(dataDir: string): number {
  return Number.parseInt(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
}
