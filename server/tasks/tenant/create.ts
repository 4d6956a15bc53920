import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { StartError, type Config } from '../../config.ts';
import { hashPassword } from '../../passwords/hash-password.ts';
import { run } from '../../platform/database.ts';
import { say } from '../../platform/program.ts';
import { createTenant, readPack } from '../../tenancy/create-tenant.ts';
import { originOf } from '../../tenancy/outside.ts';

interface Wanted {
  readonly slug: string;
  readonly pack: string;
  readonly owner: string;
  readonly name: string | undefined;
}

/** Makes a working portal from a pack, with its owner. The pack's sample data stays behind. */
export async function createFromPack(config: Config, { slug, pack, owner, name }: Wanted): Promise<void> {
  if (!z.email().safeParse(owner).success) throw new StartError(`"${owner}" is not an email address: the owner signs in with it.`);
  const displayName = name ?? nameOf(slug);
  const settings = { ...readPack(pack), ...ofNobody, 'portal.display_name': displayName, 'contact.email': owner };
  const password = temporaryPassword();
  const hash = await hashPassword(password);
  await createTenant({
    slug,
    name: displayName,
    settings,
    alongside: async () => {
      await run(`insert into app.staff_users (email, name, role, password_hash) values ($1, $2, 'owner', $3)`, [owner, owner.split('@')[0], hash]);
    },
  });
  const origin = originOf(config, slug);
  say(`${displayName} is at ${origin}`);
  say(`Its owner signs in at ${origin}/staff as ${owner} with the password ${password}`);
  say('The password is shown this once. Choose another after signing in.');
}

/** A pack's business has an address and a telephone of its own; a new one fills in its own. */
const ofNobody = { 'portal.business_info': '', 'portal.website_url': '', 'contact.phone': '', 'billing.billing_email': '' } as const;

/** 'acme-lawn' -> 'Acme Lawn', until the owner says better. */
function nameOf(slug: string): string {
  return slug.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ');
}

/** Letters and digits that nobody takes for others. */
function temporaryPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group()].join('-');
}
