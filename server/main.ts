import { setTimeout as delay } from 'node:timers/promises';
import { readConfig, type Config } from './config.ts';
import { openSandbox } from './gateways/sandbox/child.ts';
import { printPortals } from './operator/print-portals.ts';
import { createLog } from './platform/log.ts';
import { findDatabase } from './platform/postgres/open-database.ts';
import { runProgram, say } from './platform/program.ts';
import { demandFreePort, serve } from './platform/serve.ts';
import { openPortal, type Portal } from './portal.ts';
import { reconcileSoon } from './payments/feature.ts';
import { prepareDatabase } from './prepare-database.ts';
import { workQueue } from './work-queue.ts';

await runProgram(async ({ onStop, logTo, fail }) => {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  logTo(log);
  const database = await findDatabase(config, { say, onDeath: () => fail(new Error('the embedded PostgreSQL has ended')) });
  onStop(database.stop);
  await demandFreePort(config);
  await prepareDatabase(database);
  const sandbox = await openSandbox(config, log);
  onStop(sandbox.stop);
  const portal = await openPortal(config, { webUrl: database.webUrl, sandboxUrl: sandbox.url, log });
  onStop(() => portal.close());
  if (!config.production) await makeDemo();
  const { drain } = await serve(portal.app, config);
  if (config.worker === 'inline') {
    const queue = await workQueue(database.workerUrl, portal.outside);
    onStop(() => queue.stop());
  }
  onStop(drain);
  onStop(() => stepAside(config, portal));
  await reconcileSoon();
  await printPortals(portal.outside, say);
});

async function makeDemo(): Promise<void> {
  const { createDemoTenants } = await import('./operator/create-demo.ts');
  await createDemoTenants(say);
}

/** A proxy in front looks at /readyz every second or two, and then sends nobody here any more. */
async function stepAside(config: Config, portal: Portal): Promise<void> {
  portal.notReady();
  if (config.production) await delay(3_000);
}
