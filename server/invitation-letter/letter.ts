import { read } from '../platform/database.ts';
import type { FieldErrors } from '../platform/errors.ts';
import type { Translate } from '../platform/text.ts';
import { originOf, type Outside } from '../tenancy/outside.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { howToGetIn, whatPeopleCanDo } from './what-is-on.ts';

export interface Letter {
  readonly subject: string;
  readonly body: string;
}
/** version 0: nobody has edited it yet. */
export type StoredLetter = Letter & { readonly version: number };

/** S2-17: the letter as its owner has edited it, or the first one. */
export async function readLetter({ site }: Tenant): Promise<StoredLetter> {
  const [row] = await read<StoredLetter & Record<string, unknown>>('invitation-letter', 'select subject, body, version from app.invitation_letters');
  const t = site.translate(site.language());
  return row ?? { subject: t('invitations.letter-subject'), body: t('invitations.letter-body'), version: 0 };
}

/** false when somebody else has saved it since this reader's page was drawn. */
export async function saveLetter({ subject, body }: Letter, seen: number, staffId: string): Promise<boolean> {
  const saved = await read(
    'save-invitation-letter',
    `insert into app.invitation_letters as kept (subject, body, updated_by) select $1, $2, $3 where $4 = 0 or exists (select from app.invitation_letters)
     on conflict (tenant_id) do update set subject = excluded.subject, body = excluded.body, version = kept.version + 1, updated_by = $3, updated_at = now() where kept.version = $4 returning version`,
    [subject, body, staffId, seen],
  );
  return saved.length === 1;
}

/** S2-18: what is written in place of each tag; '' where the organization has not said it yet. {{name}} and {{button}} are each reader's own. */
export function tagValues(outside: Outside, { site, slug }: Tenant, t: Translate): Record<string, string> {
  const bullets = whatPeopleCanDo(site, t).map(({ text, steps = [] }) => [`• ${text}`, ...steps.map((step) => `    – ${step}`)].join('\n'));
  return {
    website: site.websiteUrl,
    portal: `${originOf(outside, slug)}/`,
    business: site.businessInfo,
    portal_name: site.portalName,
    portal_type: site.typeLabel,
    features: bullets.join('\n'),
    how: howToGetIn(site, t).join(' '),
  };
}

const ownTags = ['name', 'button'];
export const tagNames = ['name', 'website', 'portal', 'business', 'portal_name', 'portal_type', 'features', 'how', 'button'] as const;

/** The placeholders of the letter that owners know from elsewhere become tags of ours. */
export function withTags(text: string): string {
  return text
    .replace(/<<\s*INSERT YOUR WEBSITE URL HERE\s*>>/gi, '{{website}}')
    .replace(/<<\s*INSERT YOUR PORTAL URL HERE\s*>>/gi, '{{portal}}')
    .replace(/<<\s*INSERT YOUR BUSINESS INFO HERE\s*>>/gi, '{{business}}');
}

/** Why this letter cannot go out, beside the field: an unknown tag, a tag with nothing in its place, a placeholder that nobody has filled. */
export function letterErrors({ subject, body }: Letter, values: Readonly<Record<string, string>>, t: Translate): FieldErrors {
  const found = Object.entries({ subject, body }).flatMap(([field, text]) => {
    const reason = reasonAgainst(text, values, t);
    return reason ? [[field, reason]] : [];
  });
  return Object.fromEntries(found) as FieldErrors;
}

function reasonAgainst(text: string, values: Readonly<Record<string, string>>, t: Translate): string | undefined {
  for (const [whole, name = ''] of text.matchAll(tag)) {
    if (ownTags.includes(name)) continue;
    if (!(name in values)) return t('invitations.tag-unknown', { tag: whole });
    if (!values[name]?.trim()) return t('invitations.tag-empty', { tag: whole });
  }
  const placeholder = /<<[^<>\n]{1,80}>>/.exec(text)?.[0];
  return placeholder && t('invitations.placeholder', { placeholder });
}

const tag = /\{\{\s*([\w-]+)\s*\}\}/g;

/** Puts values in place of their tags; tags without a value stay. */
export function fillTags(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(tag, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : whole));
}

/** The letter in paragraphs. '{{button}}' stands for the button, which comes last where nobody has put it. */
export function paragraphs(body: string): string[] {
  const spaced = body.replace(/\r\n?/g, '\n').replace(/\{\{\s*button\s*\}\}/g, '\n\n{{button}}\n\n');
  const parts = spaced.split(/(?:\n[ \t]*){2,}/).map((part) => part.trim()).filter(Boolean);
  return parts.includes('{{button}}') ? parts : [...parts, '{{button}}'];
}
