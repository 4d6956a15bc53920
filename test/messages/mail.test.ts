import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'mocha';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { queueMail, type Mail } from '../../server/messages/mail.ts';
import { openPost } from '../../server/messages/send-mail.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { withTenant } from '../../server/tenancy/tenant-transaction.ts';
import type { Outside } from '../../server/tenancy/outside.ts';
import { features } from '../../server/features.ts';
import { testPortal } from '../support/portal.ts';
import { drain } from '../support/drain.ts';
import { makeWorld, sql, type World } from '../support/world.ts';

const mail: Mail = {
  type: 'Portal Password', to: 'maria@example.test', recipient: 'Maria Bestie', subject: 'Your sign-in\r\nBcc: thief@example.test',
  blocks: [{ text: 'Your customer portal password has been reset by an administrator.' }, { label: 'Your Portal Password is:', secret: '25h6bcxz' }],
};

async function queued(world: World): Promise<string> {
  const { outside } = await testPortal();
  const tenant = await findTenant(world.slug);
  assert.ok(tenant);
  return withTenant(world.id, () => queueMail(outside, tenant, mail));
}

async function smtpPeer(answer: (letter: Email) => Error | null) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => void buffer(stream).then((bytes) => PostalMime.parse(bytes)).then((letter) => done(answer(letter)), done),
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, close: () => server.close(() => undefined) };
}

async function sendThrough(url: string, world: World, messageId: string): Promise<void> {
  const outside: Outside = { ...(await testPortal()).outside, post: openPost(url) };
  await features.find((feature) => feature.key === 'messages-sent')?.jobs?.(outside)['send-mail']?.({ tenantId: world.id, messageId });
}

const history = (world: World, id: string) =>
  sql<{ status: string; body: string; error: string | null; sealed: boolean }>(
    world,
    `select status, text_body as body, error, exists (select 1 from app.outbox where message_id = m.id) as sealed from app.messages m where id = $1`,
    [id],
  ).then(([row]) => row);

describe('mail', () => {
  it('S1-92 keeps a copy of each mail with its secret masked', async () => {
    const world = await makeWorld('studio');
    const row = await history(world, await queued(world));
    assert.match(row?.body ?? '', /Your Portal Password is: ••••••••/);
    assert.doesNotMatch(row?.body ?? '', /25h6bcxz/);
  });

  it('S1-95 goes through a real SMTP server, says Complete, and the sealed secret is erased', async () => {
    const letters: Email[] = [];
    const peer = await smtpPeer((letter) => (letters.push(letter), null));
    const world = await makeWorld('studio');
    const id = await queued(world);
    await sendThrough(peer.url, world, id);
    await sendThrough(peer.url, world, id);
    peer.close();
    assert.equal(letters.length, 1);
    assert.match(letters[0]?.text ?? '', /25h6bcxz/);
    assert.equal(letters[0]?.messageId, `<${id}@localhost>`);
    assert.deepEqual(letters[0]?.to?.map((to) => to.address), ['maria@example.test']);
    assert.deepEqual(await history(world, id).then((row) => [row?.status, row?.sealed]), ['complete', false]);
  });

  it('sends the next mail over the same line, and hangs up when the portal closes', async () => {
    let lines = 0;
    let hasHungUp: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => (hasHungUp = resolve));
    const peer = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onConnect: (_session, done) => done(void (lines += 1)), onClose: () => hasHungUp(), onData: (stream, _session, done) => void stream.on('end', () => done()).resume() });
    await once(peer.listen(0, '127.0.0.1'), 'listening');
    const post = openPost(`smtp://127.0.0.1:${(peer.server.address() as AddressInfo).port}`);
    for (const subject of ['One', 'Two', 'Three']) await post?.sendMail({ from: 'a@example.test', to: 'b@example.test', subject, text: 'Hello' });
    await post?.close();
    await hungUp;
    peer.close(() => undefined);
    assert.equal(lines, 1);
  });

  it('is tried again after a passing refusal and marked failed after a final one', async () => {
    const world = await makeWorld('studio');
    const id = await queued(world);
    const refuse = (code: number) => smtpPeer(() => Object.assign(new Error('no such mailbox'), { responseCode: code }));
    const passing = await refuse(451);
    await assert.rejects(sendThrough(passing.url, world, id));
    assert.equal((await history(world, id))?.status, 'queued');
    const final = await refuse(550);
    await sendThrough(final.url, world, id);
    passing.close();
    final.close();
    const row = await history(world, id);
    assert.equal(row?.status, 'failed');
    assert.match(row?.error ?? '', /no such mailbox/);
  });

  it('a header cannot be smuggled in by a line end', async () => {
    const letters: Email[] = [];
    const peer = await smtpPeer((letter) => (letters.push(letter), null));
    const world = await makeWorld('studio');
    await sendThrough(peer.url, world, await queued(world));
    peer.close();
    assert.equal(letters[0]?.bcc, undefined);
    const [row] = await sql<{ subject: string }>(world, 'select subject from app.messages');
    assert.equal(row?.subject, 'Your sign-in Bcc: thief@example.test');
  });

  it('stays in the history where there is no SMTP server', async () => {
    const world = await makeWorld('studio');
    const id = await queued(world);
    assert.equal(await drain(world), 1);
    assert.equal((await history(world, id))?.status, 'complete');
  });
});
