import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/platform/postgres/embedded-postgres.ts';
import { prepareDatabase } from '../../server/prepare-database.ts';

let server: EmbeddedPostgres | undefined;
let folder = '';

/** Runs once, before the parallel workers are made: one server for all, and a migrated database that each worker copies. */
export async function mochaGlobalSetup(): Promise<void> {
  folder = await mkdtemp(path.join(os.tmpdir(), 'portico-test-'));
  await chmod(folder, 0o755);
  server = await startEmbeddedPostgres({ dataDir: folder, say: () => undefined, fast: true });
  await prepareDatabase(server);
  Object.assign(process.env, { TEST_PG_ADMIN: server.adminUrl, TEST_PG_OWNER: server.ownerUrl, TEST_PG_WEB: server.webUrl, TEST_PG_WORKER: server.workerUrl, TEST_FOLDER: folder });
}

export async function mochaGlobalTeardown(): Promise<void> {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}
