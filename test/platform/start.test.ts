import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import request from 'supertest';
import { after, afterEach, before, describe, it } from 'mocha';
import { Client } from 'pg';
import { isAlive } from '../../server/platform/processes.ts';
import { buildPortal } from '../../server/tasks/build-portal.ts';
import { noRedis, startRedis } from './store-servers.ts';

const sources = path.join(import.meta.dirname, '../../server/main.ts');

/** The real program, in processes of its own, on one folder that goes from test to test as it does on a real machine. */
describe('starting and stopping', function () {
  this.timeout(180_000);
  let folder: string;
  let port: number;
  const started: ChildProcess[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'portico-start-'));
    chmodSync(folder, 0o755);
    port = await freePort();
  });
  afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const dataDir = () => path.join(folder, 'var');
  const run = (env: NodeJS.ProcessEnv = {}, program = sources) => {
    const child = spawn(process.execPath, [program], {
      cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], DATA_DIR: dataDir(), PORT: String(port), LOG_LEVEL: 'error', ...env },
    });
    started.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString(); });
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, said, ended };
  };
  const ready = async (env: NodeJS.ProcessEnv = {}, program = sources) => {
    const portal = run(env, program);
    const gone = portal.ended.then((code) => { throw new Error(`ended with ${code}: ${portal.said.out}${portal.said.err}`); });
    while (!portal.said.out.includes('Portico is ready')) await Promise.race([gone, delay(20)]);
    gone.catch(() => undefined);
    return portal;
  };
  const ends = async ({ child, ended }: ReturnType<typeof run>, signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  const state = () => JSON.parse(readFileSync(path.join(dataDir(), 'postgres.json'), 'utf8')) as { port: number; passwords: { admin: string } };
  const serverPid = () => Number.parseInt(readFileSync(path.join(dataDir(), 'postgres/postmaster.pid'), 'utf8'), 10);
  const refusesToStart = async (env: NodeJS.ProcessEnv, sentence: RegExp) => {
    const { said, ended } = run(env);
    assert.equal(await ended, 1);
    assert.match(said.err.trimEnd(), sentence);
    assert.equal(said.err.trimEnd().split('\n').length, 1, said.err);
    assert.doesNotMatch(said.err + said.out, /^\s+at /m);
  };

  it('makes the demo portals at the first start, and goes on with them when that is killed', async () => {
    const first = run();
    const gone = first.ended.then(() => { throw new Error(first.said.out + first.said.err); });
    while (!first.said.out.includes('billing:')) await Promise.race([gone, delay(20)]);
    gone.catch(() => undefined);
    await ends(first, 'SIGKILL');
    const portal = await ready();
    const tenants = await ask(state(), 'select slug from app.tenants where is_demo and is_complete order by slug');
    assert.deepEqual(tenants, ['billing', 'cloud', 'fieldservice', 'lawncare', 'studio'].map((slug) => ({ slug })));
    assert.match(portal.said.out, new RegExp(`http://studio\\.localhost:${port} +mbestie@example\\.com +Juniper Hollow`));
    assert.equal(await ends(portal, 'SIGINT'), 0);
  });

  it('S1-23 the demo portals open for mbestie@example.com with BestTraining1, and for nobody with another word', async () => {
    const portal = await ready();
    for (const slug of ['billing', 'cloud', 'fieldservice', 'lawncare', 'studio']) {
      const signIn = (password: string) => request(`http://127.0.0.1:${port}`).post('/login').set('Host', `${slug}.localhost:${port}`).type('form').send({ login: 'mbestie@example.com', password });
      assert.equal((await signIn('BestTraining2')).status, 422);
      assert.equal((await signIn('BestTraining1')).headers['location'], '/');
    }
    assert.equal(await ends(portal, 'SIGINT'), 0);
  });

  it('answers, and stops at Ctrl-C without leaving a process', async () => {
    const portal = await ready();
    assert.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 200);
    const server = serverPid();
    assert.equal(await ends(portal, 'SIGINT'), 0);
    assert.equal(portal.said.err, '');
    assert.ok(!isAlive(server));
    assert.ok(!existsSync(path.join(dataDir(), 'portico.lock')));
  });

  it('starts as it was built, signs somebody in, and draws a page and a paper', async () => {
    await buildPortal(folder);
    const built = readdirSync(folder).filter((file) => file.endsWith('.js')).map((file) => readFileSync(path.join(folder, file), 'utf8')).join('');
    assert.match(built, /\bres\.end=_end&&function/);
    assert.equal(built.match(/query\.callback=query&&\(/g)?.length, 2);
    symlinkSync(path.join(sources, '../../node_modules'), path.join(folder, 'node_modules'));
    const redis = noRedis ? undefined : await startRedis();
    const portal = await ready({ ...(redis && { REDIS_URL: redis.url }) }, path.join(folder, 'main.js'));
    const studio = request.agent(`http://127.0.0.1:${port}`).host(`studio.localhost:${port}`);
    await studio.post('/login').type('form').send({ login: 'mbestie@example.com', password: 'BestTraining1' });
    assert.match((await studio.get('/')).text, /Juniper Hollow.*Log Out/s);
    assert.equal((await studio.get('/billing/statement.pdf')).headers['content-type'], 'application/pdf');
    assert.deepEqual([await ends(portal, 'SIGINT'), portal.said.err], [0, '']);
    await redis?.stop();
  });

  it('keeps the data at the second start', async () => {
    const portal = await ready();
    await ask(state(), 'create table public.kept as select 42 as n');
    assert.equal(await ends(portal, 'SIGTERM'), 0);
    const again = await ready();
    assert.deepEqual(await ask(state(), 'select n from public.kept'), [{ n: 42 }]);
    assert.equal(await ends(again, 'SIGTERM'), 0);
  });

  it('goes on after a kill -9 of the portal and of everything', async () => {
    const first = await ready();
    const orphan = serverPid();
    await ends(first, 'SIGKILL');
    assert.ok(isAlive(orphan));
    const second = await ready();
    assert.match(second.said.out, /left over .* has been stopped/);
    assert.ok(!isAlive(orphan));
    process.kill(serverPid(), 'SIGKILL');
    await second.ended;
    const third = await ready();
    assert.deepEqual(await ask(state(), 'select n from public.kept'), [{ n: 42 }]);
    assert.equal(await ends(third, 'SIGTERM'), 0);
  });

  it('ends with 1 and says why when its database dies', async () => {
    const portal = await ready();
    process.kill(serverPid(), 'SIGKILL');
    assert.equal(await portal.ended, 1);
    assert.match(portal.said.out, /the embedded PostgreSQL has ended/);
  });

  it('refuses a second portal on the same data', async () => {
    const portal = await ready();
    await refusesToStart({}, /^Another Portico \(process \d+\) runs on .*: stop it first, or set DATA_DIR to another folder\.$/);
    assert.equal(await ends(portal, 'SIGTERM'), 0);
  });

  it('says that the port is busy, and stops its database again', async () => {
    const other = createServer().listen(port);
    await once(other, 'listening');
    await refusesToStart({}, new RegExp(`^Port ${port} is in use: stop the other program, or set PORT to a free one\\.$`));
    await close(other);
    assert.ok(!existsSync(path.join(dataDir(), 'postgres/postmaster.pid')));
  });

  it('says that DATA_DIR cannot be written', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    await refusesToStart({ DATA_DIR: path.join(folder, 'file/var') }, /^DATA_DIR .*\/file\/var cannot be written \(ENOTDIR\): .*set DATA_DIR to another folder\.$/);
  });

  it('says which setting is wrong', async () => {
    await refusesToStart({ WORKER: 'on' }, /^WORKER must be inline or off\.$/);
    await refusesToStart({ NODE_ENV: 'production' }, /^With NODE_ENV=production set SESSION_SECRET, .* too/);
  });

  it('says that the database cannot be reached', async () => {
    const nobody = `postgres://portico_web:x@127.0.0.1:${await freePort()}/portico`;
    await refusesToStart({ DATABASE_URL: nobody, DATABASE_OWNER_URL: nobody, DATABASE_WORKER_URL: nobody },
      /^DATABASE_URL cannot be used \(connect ECONNREFUSED .*\): start that PostgreSQL or correct the address\.$/);
  });

  it('can be stopped while it is starting', async () => {
    rmSync(dataDir(), { recursive: true });
    const { child, ended } = run();
    while (!existsSync(path.join(dataDir(), 'postgres.new'))) await delay(5);
    child.kill('SIGINT');
    assert.equal(await ended, 0);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await close(probe);
  return port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => { server.close(() => resolve()); });
}

async function ask({ port, passwords }: { port: number; passwords: { admin: string } }, sql: string): Promise<unknown[]> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: passwords.admin, database: 'portico' });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
