import { once } from 'node:events';
import { readConfig } from '../config.ts';
import { openSandbox } from '../gateways/sandbox-child.ts';
import { createLog } from '../platform/log.ts';
import { openDatabase } from '../platform/open-database.ts';
import { openPortal } from '../portal.ts';
import { runTask, say } from './run-task.ts';

/** Works the queue in a process of its own, beside web processes that run with WORKER=off. */
await runTask(async () => {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const database = await openDatabase(config, { say, join: true });
  const sandbox = await openSandbox(config, log);
  const portal = await openPortal(config, { webUrl: database.webUrl, sandboxUrl: sandbox.url, log });
  const worker = await portal.startWorker(database.workerUrl);
  say('The worker is ready. Ctrl-C stops it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  for (const close of [worker.stop, portal.close, sandbox.stop, database.stop]) await close();
});
