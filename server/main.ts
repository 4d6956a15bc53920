import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readConfig, StartError, type Config } from './config.ts';
import { openSandbox } from './gateways/sandbox-child.ts';
import { printPortals } from './operator/print-portals.ts';
import { createLog } from './platform/log.ts';
import { migrateUp } from './platform/migrations.ts';
import { openDatabase } from './platform/open-database.ts';
import { serve } from './platform/serve.ts';
import { openPortal, type Portal } from './portal.ts';

const opened: (() => Promise<void>)[] = [];
let log: Logger | undefined;
let stopping: Promise<void> | undefined;
let leftAt = 0;

process.on('SIGINT', () => leave('Ctrl-C'));
process.on('SIGTERM', () => leave('SIGTERM'));
process.on('SIGHUP', () => leave('the terminal has gone'));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
await start().catch(fail);

async function start(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  log = createLog(config.logLevel);
  const { ownerUrl, webUrl, workerUrl, stop: stopDatabase } = await openDatabase(config, { say, onDeath: () => fail(new Error('the embedded PostgreSQL has ended')) });
  opened.push(stopDatabase);
  await migrateUp(ownerUrl, { web: new URL(webUrl).username, worker: new URL(workerUrl).username });
  const sandbox = await openSandbox(config, log);
  opened.push(sandbox.stop);
  const portal = await openPortal(config, { webUrl, sandboxUrl: sandbox.url, log });
  opened.push(() => portal.close());
  const { drain } = await serve(portal.app, config);
  opened.push(drain, () => stepAside(config, portal));
  await printPortals(portal.outside, say);
}

/** A proxy in front looks at /readyz every second or two, and then sends nobody here any more. */
async function stepAside(config: Config, portal: Portal): Promise<void> {
  portal.notReady();
  if (config.production) await delay(3_000);
}

/** npm passes on a Ctrl-C that the terminal has sent to everybody already: only a later one is a second one. */
function leave(signal: string): void {
  if (leftAt && Date.now() - leftAt > 1_000) process.exit(1);
  if (leftAt) return;
  leftAt = Date.now();
  say(`${signal}: stopping. Once more to stop at once.`);
  void stop(0);
}

/** Also the way out of a start that failed: what is open already is closed again. */
function fail(error: unknown): void {
  if (stopping) return;
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
  else if (log) log.fatal({ err: error }, 'stopped by a fault');
  else process.stderr.write(`${(error as Error).stack}\n`);
  void stop(1);
}

/** Closes newest first, so that everything still has what it stands on. */
async function stop(code: number): Promise<void> {
  process.exitCode ||= code;
  stopping ??= closeAll();
  await stopping;
  process.exit();
}

async function closeAll(): Promise<void> {
  setTimeout(() => process.exit(1), 45_000).unref();
  for (let close = opened.pop(); close; close = opened.pop()) {
    await close().catch((error: unknown) => log?.error({ err: error }, 'could not be closed'));
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
