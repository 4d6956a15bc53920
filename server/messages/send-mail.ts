import type { Transporter } from 'nodemailer';
import { unseal } from '../platform/crypto.ts';
import { run } from '../platform/database.ts';
import type { JobPayload } from '../platform/queue.ts';
import type { Outside } from '../tenancy/outside.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { MailBodies } from './mail.ts';

interface Waiting extends MailBodies {
  readonly subject: string;
  readonly to: string;
  readonly from: string;
  readonly sealed: string | null;
  readonly isDemo: boolean;
  readonly expired: boolean;
}

/** null without an SMTP server: then mail stays in the history and in the development mailbox. */
export function openPost(smtpUrl: string | undefined): Outside['post'] {
  if (!smtpUrl) return null;
  let opened: Promise<Transporter> | undefined;
  return {
    sendMail: async (mail) => (await (opened ??= connect(smtpUrl))).sendMail(mail),
    close: async () => (await opened)?.close(),
  };
}

/** A line is kept for the next mail: many servers let a new one wait before they greet it. */
async function connect(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({ url: smtpUrl, pool: true, maxConnections: 2, idleTimeout: 10_000, connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 20_000 });
}

/**
 * Sends one mail of the outbox; sending it twice is possible after a crash, so its Message-ID is always the same. What the server
 * refuses for good is marked failed with its words; everything else throws, and the queue tries again.
 */
export async function sendMail(outside: Outside, { tenantId = '', messageId = '' }: JobPayload): Promise<void> {
  const mail = await withTenant(tenantId, () => findWaiting(messageId));
  if (!mail) return;
  if (mail.expired) return withTenant(tenantId, () => end(messageId, 'failed', 'It was not sent in time.'));
  const { post } = outside;
  if (!post || mail.isDemo) return withTenant(tenantId, () => end(messageId, 'complete', null, true));
  const { text, html } = mail.sealed ? (JSON.parse(unseal(outside.keys, mail.sealed, `outbox ${messageId}`)) as MailBodies) : mail;
  try {
    await post.sendMail({ from: mail.from, to: mail.to, subject: mail.subject, text, html, messageId: `<${messageId}@${outside.baseDomain}>` });
  } catch (error) {
    if (!isFinal(error)) {
      await withTenant(tenantId, () => run('update app.outbox set tries = tries + 1 where message_id = $1', [messageId]));
      throw error;
    }
    return withTenant(tenantId, () => refused(messageId, error as Error & { responseCode?: number }));
  }
  return withTenant(tenantId, () => end(messageId, 'complete', null));
}

async function findWaiting(messageId: string): Promise<Waiting | undefined> {
  const [row] = await run<Waiting & Record<string, unknown>>(
    `select m.subject, m.to_address as "to", m.from_address as "from", m.text_body as text, m.html_body as html, o.sealed_body as sealed,
            o.expires_at < now() as expired, t.is_demo as "isDemo"
       from app.messages m join app.outbox o on (o.tenant_id, o.message_id) = (m.tenant_id, m.id) join app.tenants t on t.id = m.tenant_id
      where m.id = $1 and m.status = 'queued'`,
    [messageId],
  );
  return row;
}

async function end(messageId: string, status: 'complete' | 'failed', error: string | null, keepSealed = false): Promise<void> {
  await run(`update app.messages set status = $2, error = $3, sent_at = case when $2 = 'complete' then now() end where id = $1`, [messageId, status, error]);
  if (!keepSealed) await run('delete from app.outbox where message_id = $1', [messageId]);
}

/** S1-95: the server's own words and number, for whoever asks where the mail is. */
async function refused(messageId: string, { message, responseCode }: Error & { responseCode?: number }): Promise<void> {
  await end(messageId, 'failed', message.slice(0, 500));
  await run('update app.messages set error_code = $2 where id = $1', [messageId, responseCode ?? null]);
}

/** 5xx from the server about this mail; not about signing in there, which concerns all mail and may be mended. */
function isFinal(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  return responseCode !== undefined && responseCode >= 500 && !/^(AUTH|EHLO|CONN)/.test(command ?? '');
}

/** Erases sealed bodies whose time is over. */
export async function eraseExpired({ tenantId = '' }: JobPayload): Promise<void> {
  await withTenant(tenantId, () =>
    run(`delete from app.outbox o using app.messages m where (m.tenant_id, m.id) = (o.tenant_id, o.message_id) and o.expires_at < now() and m.status <> 'queued'`),
  );
}
