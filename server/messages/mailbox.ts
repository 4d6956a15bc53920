import type { Request, RequestHandler } from 'express';
import { assetPath } from '../platform/assets.ts';
import { unseal } from '../platform/crypto.ts';
import { run } from '../platform/database.ts';
import { NotFound } from '../platform/errors.ts';
import { languageOf, translator } from '../platform/text.ts';
import { draw } from '../platform/views.ts';
import { slugOf } from '../tenancy/resolve-tenant.ts';
import { findTenant, listTenants } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { MailBodies } from './mail.ts';

interface Letter extends Record<string, unknown> {
  readonly id: string;
  readonly tenant: string;
  readonly subject: string;
  readonly to: string;
  readonly at: Date;
  readonly status: string;
}

/** The development mailbox at mail.<domain>: the newest mail of every portal, with its secrets, readable by whoever sits at this machine. Never in production. */
export const serveMailbox: RequestHandler = async (req, res, next) => {
  if (req.outside.production || slugOf(req.hostname, req.outside.baseDomain) !== 'mail') return next();
  if (req.method !== 'GET') throw new NotFound();
  const [, tenant, id] = /^\/([a-z0-9-]+)\/([0-9a-f-]{36})$/.exec(req.path) ?? [];
  if (tenant && id) return void res.type('html').send(drawPage(req, 'messages/letter', await readLetter(req, tenant, id)));
  if (req.path !== '/') throw new NotFound();
  res.type('html').send(drawPage(req, 'messages/mailbox', { letters: await newestLetters() }));
};

async function newestLetters(): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const { id, slug } of await listTenants()) letters.push(...(await withTenant(id, () => run<Letter>(newest, [slug]))));
  return letters.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, 100);
}

const newest = `select id, $1::text as tenant, subject, to_address as "to", created_at as at, status from app.messages order by created_at desc, id desc limit 20`;

async function readLetter(req: Request, slug: string, id: string) {
  const tenant = await findTenant(slug);
  if (!tenant) throw new NotFound();
  const [letter] = await withTenant(tenant.id, () =>
    run<Letter & { sealed: string | null; text: string }>(
      `select m.id, m.subject, m.to_address as "to", m.from_address as "from", m.created_at as at, m.status, m.text_body as text, o.sealed_body as sealed
         from app.messages m left join app.outbox o on (o.tenant_id, o.message_id) = (m.tenant_id, m.id) where m.id = $1`,
      [id],
    ),
  );
  if (!letter) throw new NotFound();
  const { text } = letter.sealed ? (JSON.parse(unseal(req.outside.keys, letter.sealed, `outbox ${id}`)) as MailBodies) : letter;
  return { letter, parts: linksIn(text) };
}

/** The text in pieces, so that the addresses in it can be followed. */
function linksIn(text: string): { text: string; isLink: boolean }[] {
  return text.split(/(https?:\/\/\S+)/).map((part, at) => ({ text: part, isLink: at % 2 === 1 }));
}

function drawPage(req: Request, view: string, data: object): string {
  const language = languageOf(req.acceptsLanguages('en', 'es') || 'en');
  return draw(view, data, { t: translator(language), language, asset: assetPath });
}
