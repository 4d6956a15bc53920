import { readConfig } from '../config.ts';
import { findDatabase } from '../platform/postgres/open-database.ts';
import { runProgram, say } from '../platform/program.ts';
import { prepareDatabase } from '../prepare-database.ts';

/** Brings the database to this version without starting a portal. */
await runProgram(async ({ onStop }) => {
  const database = await findDatabase(readConfig(process.env), { say, join: true });
  onStop(database.stop);
  const names = await prepareDatabase(database);
  say(names.length > 0 ? names.join('\n') : 'Nothing to migrate.');
  await database.stop();
});
