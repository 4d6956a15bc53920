import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, it } from 'mocha';
import { aCharge, chargesAt, program, Sandboxes, until } from './running-sandbox.ts';

describe('the sandbox gateway after a crash', function () {
  this.timeout(60_000);
  const sandboxes = new Sandboxes();
  after(() => sandboxes.end());

  it('remembers a charge that it had answered when it was killed', async () => {
    const { gateway, dataDir, kill } = await sandboxes.spawn();
    const request = aCharge();
    const answer = await gateway.charge(request);
    await kill();
    const again = await sandboxes.spawn({ dataDir });
    assert.deepEqual(await again.gateway.lookup(request.key), answer);
    assert.deepEqual(await again.gateway.charge(request), answer);
    assert.equal((await chargesAt(again.url)).length, 1);
  });

  it('remembers a charge whose answer the kill cut off', async () => {
    const { gateway, url, dataDir, kill } = await sandboxes.spawn();
    const request = aCharge({ token: 'test_silent_after' });
    const answer = gateway.charge(request);
    await until(async () => (await chargesAt(url)).length === 1);
    await kill();
    assert.equal((await answer).outcome, 'unknown');
    const again = await sandboxes.spawn({ dataDir });
    assert.equal((await again.gateway.lookup(request.key)).outcome, 'succeeded');
  });

  it('has not charged what it was still working at, and the fence holds', async () => {
    const { gateway, url, dataDir, kill } = await sandboxes.spawn({ arguments: ['--slow-ms', '3600000'] });
    const request = aCharge({ token: 'test_slow' });
    const answer = gateway.charge(request);
    await chargesAt(url);
    await kill();
    assert.notEqual((await answer).outcome, 'succeeded');
    const again = await sandboxes.spawn({ dataDir, arguments: ['--slow-ms', '1'] });
    assert.deepEqual(await again.gateway.lookup(request.key), { outcome: 'not_found' });
    assert.deepEqual(await again.gateway.cancel(request.key), { cancelled: true });
    assert.equal((await again.gateway.charge(request)).outcome, 'declined');
  });

  it('remembers a cancellation that it had answered when it was killed', async () => {
    const { gateway, dataDir, kill } = await sandboxes.spawn();
    const request = aCharge();
    await gateway.cancel(request.key);
    await kill();
    const again = await sandboxes.spawn({ dataDir });
    assert.equal((await again.gateway.charge(request)).outcome, 'declined');
  });

  for (const answered of [1, 5, 12]) {
    it(`tells the truth about 40 charges when it is killed after ${answered} answers`, async () => {
      const { gateway, dataDir, kill } = await sandboxes.spawn();
      const requests = Array.from({ length: 40 }, () => aCharge());
      let count = 0;
      const outcomes = await Promise.all(requests.map(async (request) => {
        const outcome = await gateway.charge(request);
        if (++count === answered) await kill();
        return outcome;
      }));
      const again = await sandboxes.spawn({ dataDir });
      for (const [index, request] of requests.entries()) {
        const found = await again.gateway.lookup(request.key);
        if (outcomes[index]?.outcome === 'succeeded') assert.deepEqual(found, outcomes[index]);
        if (outcomes[index]?.outcome === 'not_reached') assert.equal(found.outcome, 'not_found');
        assert.equal((await again.gateway.charge(request)).outcome, 'succeeded');
      }
      assert.equal((await chargesAt(again.url)).length, 40);
    });
  }

  it('drops half a last line that a crash has left, and goes on after it', async () => {
    const { gateway, dataDir, close } = await sandboxes.start();
    const [first, second] = [aCharge(), aCharge()];
    await gateway.charge(first);
    await close();
    await appendFile(path.join(dataDir, 'sandbox-ledger.jsonl'), '{"type":"charge","key":"ha');
    const torn = await sandboxes.start({ dataDir });
    assert.equal((await torn.gateway.lookup(first.key)).outcome, 'succeeded');
    await torn.gateway.charge(second);
    await torn.close();
    const again = await sandboxes.start({ dataDir });
    assert.deepEqual((await chargesAt(again.url)).map((charge) => charge.key), [first.key, second.key]);
  });

  it('does not start on a record that was damaged in the middle', async () => {
    const dataDir = await sandboxes.folder();
    await writeFile(path.join(dataDir, 'sandbox-ledger.jsonl'), '{"type":"detachment","token":"a"}\nrubbish\n{"type":"detachment","token":"b"}\n');
    await assert.rejects(sandboxes.start({ dataDir }), /cannot be read at .*:2$/);
  });

  it('never charges a key twice when two of it share a folder by mistake: the one that is behind ends', async () => {
    const { gateway, dataDir, exited, output } = await sandboxes.spawn();
    const other = await sandboxes.spawn({ dataDir });
    const request = aCharge();
    assert.equal((await other.gateway.charge(request)).outcome, 'succeeded');
    assert.notEqual((await gateway.charge(request)).outcome, 'succeeded');
    assert.deepEqual(await exited, [1, null]);
    assert.match(output.join(''), /another process writes to the record/);
    const again = await sandboxes.spawn({ dataDir });
    assert.equal((await chargesAt(again.url)).length, 1);
  });

  it('knows neither charge nor fence for sure once it cannot write, and says so', async () => {
    const { gateway, dataDir } = await sandboxes.start();
    const request = aCharge();
    await appendFile(path.join(dataDir, 'sandbox-ledger.jsonl'), '{"type":"detachment","token":"a"}\n');
    assert.equal((await gateway.charge(request)).outcome, 'unknown');
    assert.equal((await gateway.lookup(request.key)).outcome, 'unknown');
    assert.equal((await gateway.cancel(request.key)).cancelled, false);
  });

  it('ends by itself when the process that forked it is gone', async () => {
    const child = fork(program, ['--data', await sandboxes.folder()], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const exited = once(child, 'exit');
    await once(child.stdout!, 'data');
    child.disconnect();
    assert.deepEqual(await exited, [0, null]);
  });
});
