import { readConfig } from '../config.ts';
import { openSandbox } from '../gateways/sandbox/child.ts';
import { createLog } from '../platform/log.ts';
import { openDatabase } from '../platform/postgres/open-database.ts';
import { runProgram, say } from '../platform/program.ts';
import { openPortal } from '../portal.ts';
import { workQueue } from '../work-queue.ts';

/** Works the queue in a process of its own, beside web processes that run with WORKER=off. */
await runProgram(async ({ onStop, logTo, fail }) => {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  logTo(log);
  const database = await openDatabase(config, { say, join: true, onDeath: () => fail(new Error('the embedded PostgreSQL has ended')) });
  onStop(database.stop);
  const sandbox = await openSandbox(config, log);
  onStop(sandbox.stop);
  const portal = await openPortal(config, { webUrl: database.webUrl, sandboxUrl: sandbox.url, log });
  onStop(() => portal.close());
  const queue = await workQueue(database.workerUrl, portal.outside);
  onStop(() => queue.stop());
  say('The worker is ready. Ctrl-C stops it.');
});
