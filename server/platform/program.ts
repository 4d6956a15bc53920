import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { StartError } from '../config.ts';

export interface Program {
  /** What has been opened is closed in the opposite order, however the program ends. */
  readonly onStop: (close: () => Promise<void>) => void;
  readonly logTo: (log: Logger) => void;
  /** Ends the program with exit code 1: a sentence for a StartError, a line in the log for everything else. */
  readonly fail: (error: unknown) => void;
}

/**
 * Runs a program with the settings of the file .env, where there is one: a failed start, a fault, Ctrl-C or SIGTERM close in order what is open; 
 * exit code 0 only when it was asked to stop.
 */
export async function runProgram(start: (program: Program) => Promise<void>): Promise<void> {
  const opened: (() => Promise<void>)[] = [];
  let log: Logger | undefined;
  let isStopping = false;
  let askedAt = 0;

  const stop = async (code: number) => {
    isStopping = true;
    setTimeout(() => process.exit(1), 45_000).unref();
    for (let close = opened.pop(); close; close = opened.pop()) {
      await close().catch((error: unknown) => log?.error({ err: error }, 'could not be closed'));
    }
    process.exit(code);
  };
  const fail = (error: unknown) => {
    if (isStopping) return;
    if (error instanceof StartError) say(error.message, process.stderr);
    else if (log) log.fatal({ err: error }, 'stopped by a fault');
    else say((error as Error).stack ?? String(error), process.stderr);
    void stop(1);
  };
  // npm passes on a Ctrl-C that the terminal has sent to everybody already: only a later one is a second one.
  const leave = (signal: string) => {
    if (isStopping && Date.now() - askedAt > 1_000) process.exit(1);
    if (isStopping) return;
    askedAt = Date.now();
    say(`${signal}: stopping. Once more to stop at once.`);
    void stop(0);
  };

  process.on('SIGINT', () => leave('Ctrl-C')).on('SIGTERM', () => leave('SIGTERM')).on('SIGHUP', () => leave('The terminal has gone'));
  // A database that dies breaks its connections first; that it has died is known a moment later and says more.
  const failSoon = (error: unknown) => void setTimeout(fail, 300, error);
  process.on('uncaughtException', failSoon).on('unhandledRejection', failSoon);
  if (existsSync('.env')) process.loadEnvFile('.env');
  await start({ onStop: (close) => opened.push(close), logTo: (to) => { log = to; }, fail }).catch(fail);
}

/** For the person at the terminal; what operators search later goes to the log. */
export function say(line: string, to: NodeJS.WriteStream = process.stdout): void {
  to.write(`${line}\n`);
}
