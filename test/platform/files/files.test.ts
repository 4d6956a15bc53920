import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'mocha';
import { openFiles } from '../../../server/platform/files/files.ts';

const files = async () => openFiles(await mkdtemp(path.join(process.env['TEST_FOLDER'] ?? os.tmpdir(), 'kept-')));

describe('files', () => {
  it('are read back as they were put in, and the last one wins', async () => {
    const { put, read } = await files();
    await put('exports/a.xlsx', Buffer.from([0, 255, 10]));
    await put('exports/a.xlsx', Buffer.from('new'));
    assert.equal(String(await read('exports/a.xlsx')), 'new');
  });

  it('that are not there are null, and removing them twice does nothing', async () => {
    const { put, read, remove } = await files();
    await put('a', Buffer.from('x'));
    await remove('a');
    await remove('a');
    assert.equal(await read('a'), null);
  });

  it('never lie outside their folder, whatever their key', async () => {
    const { put, read } = await files();
    await assert.rejects(put('../outside', Buffer.from('x')), /traversal/i);
    await assert.rejects(read('../../etc/passwd'), /traversal/i);
  });
});
