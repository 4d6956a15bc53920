import { readConfig, StartError } from '../config.ts';
import { openSandbox } from '../gateways/sandbox/child.ts';
import { checkInvariants } from '../invariants/find-faults.ts';
import { createLog } from '../platform/log.ts';
import { pendingMigrations } from '../platform/migrations.ts';
import { openDatabase } from '../platform/postgres/open-database.ts';
import { runProgram, say } from '../platform/program.ts';

/** Proves organization by organization that the money is right; exit code 1 when it is not, or when there was nothing to look at. */
await runProgram(async ({ onStop }) => {
  const config = readConfig(process.env);
  const database = await openDatabase(config, { say, join: true });
  onStop(database.stop);
  if ((await pendingMigrations(database.ownerUrl)).length > 0) throw new StartError('This database is not at this version yet: run "npm run migrate".');
  const sandbox = await openSandbox(config, createLog(config.logLevel));
  onStop(sandbox.stop);
  const hasSandbox = new URL(sandbox.url).hostname !== 'sandbox.invalid';
  const { faults, tenants, rows } = await checkInvariants({ ...database, sandboxUrl: hasSandbox ? sandbox.url : undefined });
  for (const { id, name, tenant, object, detail } of faults) say([id, tenant, name, object, detail].filter(Boolean).join(' · '));
  say(`${tenants} organizations, ${rows} rows of money, ${faults.length} faults`);
  if (faults.length > 0) throw new StartError('The money is not right: see above.');
  await sandbox.stop();
  await database.stop();
});
