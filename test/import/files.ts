import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { NounName } from '../../server/import/columns.ts';
import { sentence } from '../../server/import/row-errors.ts';
import { runImport } from '../../server/import/runs/run-import.ts';
import type { ImportRun } from '../../server/import/runs/runs.ts';
import { translator } from '../../server/platform/text.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { makeWorld, type World } from '../support/world.ts';

const folder = mkdtemp(path.join(process.env['TEST_FOLDER'] ?? os.tmpdir(), 'files-'));
let made = 0;

/** A file with this content, gone when the tests end. */
export async function makeFile(content: string | Buffer): Promise<string> {
  const file = path.join(await folder, `${(made += 1)}.csv`);
  await writeFile(file, content);
  return file;
}

/** Gives the lines to the importer as a file of that kind and returns what became of it. */
export async function load(world: World, noun: NounName, content: string | Buffer | readonly string[]): Promise<ImportRun> {
  const file = await makeFile(typeof content === 'string' || Buffer.isBuffer(content) ? content : `${content.join('\n')}\n`);
  return loadFile(world, noun, file);
}

export async function loadFile(world: World, noun: NounName, file: string): Promise<ImportRun> {
  const tenant = await findTenant(world.slug);
  if (!tenant) throw new Error(`no tenant ${world.slug}`);
  return runImport({ tenantId: tenant.id, site: tenant.site, noun, file }, `${noun}.csv`);
}

/** The errors as people read them: '3 due_on: …'. */
export function errorsOf(run: ImportRun): string[] {
  const t = translator('en');
  return run.errors.map((error) => `${error.line} ${error.column}: ${sentence(error, t)}`);
}

export function countsOf({ status, created, updated, unchanged }: ImportRun): string {
  return `${status}: ${created} created, ${updated} updated, ${unchanged} unchanged`;
}

/** An organization with two accounts, A and B, and a sent invoice of each: a-1 over 100.00 and b-1 over 50.00. */
export async function worldWithInvoices(): Promise<World> {
  const world = await makeWorld('studio');
  await load(world, 'accounts', ['external_id,name', 'A,Ash', 'B,Birch']);
  await load(world, 'invoices', ['external_id,account,issued_on,due_on,total,status', 'a-1,A,2026-10-01,2026-10-15,100.00,sent', 'b-1,B,2026-10-01,2026-10-15,50.00,sent']);
  return world;
}
