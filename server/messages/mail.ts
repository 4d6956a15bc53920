import { enqueue } from '../platform/queue.ts';
import { run } from '../platform/database.ts';
import { seal } from '../platform/crypto.ts';
import { draw } from '../platform/views.ts';
import type { Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import type { MailType, Renewal } from './types.ts';

/** One block of a mail: words, a button, or something that only the reader may see. */
export type MailBlock =
  | { readonly text: string }
  | { readonly link: string; readonly url: string; readonly isSecret?: boolean }
  | { readonly label: string; readonly secret: string };

export interface Mail {
  /** As staff see it in the email history. */
  readonly type: MailType;
  /** Mails with a secret that can be sent again with a new one. */
  readonly renewal?: Renewal | undefined;
  readonly to: string;
  /** The person's name, '' when the address is all we know. */
  readonly recipient: string;
  /** The language they have chosen; none: the organization's. */
  readonly locale?: string | null | undefined;
  readonly accountId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly subject: string;
  readonly blocks: readonly MailBlock[];
}

/** Stands for a secret in the history. */
export const mask = '••••••••';
const keepSealedHours = 72;

/**
 * Writes a mail into the history and the outbox, in the current transaction: it goes out once that has committed. Secrets stand in
 * the history as dots; the clear body waits sealed, and is erased when it has been sent or is three days old.
 */
export async function queueMail(outside: Outside, tenant: Tenant, mail: Mail): Promise<string> {
  const masked = bodies(tenant, mail, mail.blocks.map(hidden));
  const clear = mail.blocks.some(isSecret) ? bodies(tenant, mail, mail.blocks) : null;
  const [row] = await run<{ id: string }>(
    `insert into app.messages (account_id, contact_id, type, subject, recipient, to_address, from_address, text_body, html_body, renewal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [mail.accountId ?? null, mail.contactId ?? null, mail.type, oneLine(mail.subject), oneLine(mail.recipient), oneLine(mail.to), fromAddress(outside, tenant), masked.text, masked.html, mail.renewal ?? null],
  );
  const id = row?.id ?? '';
  await post(tenant.id, id, clear && seal(outside.keys, JSON.stringify(clear), `outbox ${id}`));
  return id;
}

/** S1-91: the same mail once more, to an address that may be another by now; undefined when its text is gone. Only for mails without a secret: in the others it is dots. */
export async function queueCopy(tenantId: string, messageId: string, to: string): Promise<string | undefined> {
  const [row] = await run<{ id: string }>(
    `insert into app.messages (account_id, contact_id, type, subject, recipient, to_address, from_address, text_body, html_body)
     select account_id, contact_id, type, subject, recipient, $2, from_address, text_body, html_body from app.messages where id = $1 and text_body <> '' and strpos(text_body, $3) = 0 returning id`,
    [messageId, oneLine(to), mask],
  );
  if (row) await post(tenantId, row.id, null);
  return row?.id;
}

/** Into the outbox: it goes out once the transaction has committed. */
async function post(tenantId: string, messageId: string, sealed: string | null): Promise<void> {
  await run(`insert into app.outbox (message_id, sealed_body, expires_at) values ($1, $2, now() + make_interval(hours => $3))`, [messageId, sealed, keepSealedHours]);
  await enqueue('send-mail', { tenantId, messageId }, { key: `mail ${messageId}` });
}

export interface MailBodies {
  readonly text: string;
  readonly html: string;
}

function bodies(tenant: Tenant, mail: Mail, blocks: readonly MailBlock[]): MailBodies {
  const { site } = tenant;
  const signature = `~${site.portalName}/${tenant.name}`;
  const text = [...blocks.map(asText), signature].join('\n\n');
  return { text, html: draw('messages/mail', { subject: mail.subject, blocks, signature, brandColor: site.brandColor, displayName: site.displayName, language: site.language(mail.locale) }, {}) };
}

function asText(block: MailBlock): string {
  if ('text' in block) return block.text;
  return 'link' in block ? `${block.link}: ${block.url}` : `${block.label} ${block.secret}`;
}

function isSecret(block: MailBlock): boolean {
  return 'secret' in block || ('link' in block && block.isSecret === true);
}

function hidden(block: MailBlock): MailBlock {
  if ('secret' in block) return { ...block, secret: mask };
  return 'link' in block && block.isSecret ? { ...block, url: mask } : block;
}

/** A line end in a header would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim().slice(0, 300);
}

function fromAddress(outside: Outside, tenant: Tenant): string {
  return tenant.site.contact.email || `no-reply@${tenant.slug}.${outside.baseDomain}`;
}
