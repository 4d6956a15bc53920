import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { accessibilityFaults, browse, isTooWide } from '../support/browser.ts';
import { makeStaff, makeWorld, password, sql } from '../support/world.ts';

async function chooseFile(page: Page, noun: string, content: string): Promise<void> {
  await page.goto('/staff/import');
  await page.getByLabel('What is in the file').selectOption(noun);
  await page.getByLabel('CSV file').setInputFiles({ name: `${noun}.csv`, mimeType: 'text/csv', buffer: Buffer.from(content) });
  await page.getByRole('button', { name: 'Check and import the file' }).click();
}

for (const look of [{ colorScheme: 'light', viewport: { width: 390, height: 844 } }, { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }] as const) {
  describe(`the import page in a browser, ${look.colorScheme} at ${look.viewport.width} pixels`, () => {
    it('takes a file, follows it by itself and shows what became of it', async () => {
      const world = await makeWorld('studio');
      await makeStaff(world, 'owner');
      const tab = await browse(world.slug, look);
      const { page, problems } = tab;
      const check = async (name: string) => {
        assert.deepEqual(await accessibilityFaults(page), [], name);
        assert.equal(await isTooWide(page), false, name);
        if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${name}-${look.colorScheme}.png`, fullPage: true });
      };
      await page.goto('/staff/login');
      await page.getByLabel(/Email/).fill('owner@example.test');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/staff');
      await chooseFile(page, 'accounts', 'external_id,name\nA,Ash\nB,Birch\n');
      await page.getByText('Imported', { exact: true }).waitFor();
      await check('done');
      await chooseFile(page, 'contacts', 'external_id,account,first_name,last_name,email\nc-1,A,Ann,Ash,ann\nc-2,,Ben,Birch,ben@example.test\n');
      await page.getByText('2 errors, so nothing of this file was imported').waitFor();
      await check('refused');
      await page.goto('/staff/import');
      await check('list');
      const [run] = await sql<{ id: string }>(world, `insert into app.import_runs (noun, file_name, status, rows_seen, bytes_seen, bytes_total, beat_at) values ('invoices', 'season.csv', 'checking', 12000, 400000, 900000, now() + interval '1 hour') returning id`);
      await page.goto(`/staff/import/${run?.id}`);
      await check('running');
      await sql(world, `update app.import_runs set rows_seen = 24000 where id = $1`, [run?.id]);
      await page.getByText('24,000 rows so far').waitFor();
      await sql(world, `update app.import_runs set status = 'done', created = 24000, ended_at = now() where id = $1`, [run?.id]);
      await page.getByText('Imported', { exact: true }).waitFor();
      await page.locator('#i-check-circle-fill').waitFor({ state: 'attached' });
      assert.deepEqual(problems, []);
      await tab.close();
    });
  });
}
