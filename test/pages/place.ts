import { createDemoTenant, rememberHashes } from '../../server/operator/create-demo.ts';
import { hashToken, newToken } from '../../server/platform/crypto.ts';
import type { LinkKind } from '../../server/links/link.ts';
import type { Site } from '../../server/site/site.ts';
import { findTenant } from '../../server/tenancy/tenant.ts';
import { publish } from '../support/publish.ts';
import { testPortal } from '../support/portal.ts';
import { sql, type World } from '../support/world.ts';
import { furnish } from './furnish.ts';

export const packs = ['studio', 'lawncare', 'fieldservice', 'cloud', 'billing'] as const;
export type Pack = (typeof packs)[number];

export const customer = 'mbestie@example.com';
export const owner = 'owner@example.com';
export const demoPassword = 'BestTraining1';

/** A demo portal with everything in it that a page could show, as it looks to one customer and the owner. */
export interface Place {
  readonly pack: Pack;
  readonly world: World;
  readonly site: Site;
  /** The customer's account and contact, and a login of this portal that has two-step sign-in. */
  readonly accountId: string;
  readonly accountNumber: string;
  readonly contactId: string;
  readonly twoStepLogin: string;
  /** The first value that a query finds; $1 is the customer's account. Nothing found is an error: no page is looked at empty. */
  readonly one: (text: string) => Promise<string>;
  /** A living link, as it is mailed to the customer (or, for staff, to the front desk). */
  readonly link: (kind: LinkKind, path: string) => Promise<string>;
}

/** All features on that a pack may have switched off without its look depending on it. */
const more = {
  'login.security_questions': 'optional', 'billing.prepayments': true, 'sms.enabled': true, 'payments.gateway': 'sandbox', 'autopay.enabled': true, 'autopay.place': 'both',
  'access.entry_modes': ['registration', 'self_signup', 'invitation', 'first_reset', 'staff_password'],
} as const;
const hashOf = rememberHashes();
let made = 0;

export async function makePlace(pack: Pack): Promise<Place> {
  await testPortal();
  const slug = `${pack}-${process.pid}-${(made += 1)}`;
  await createDemoTenant(slug, pack, hashOf);
  const world = { slug, id: (await findTenant(slug))?.id ?? '' };
  await publish(world, { ...more, 'access.entry_modes': [...more['access.entry_modes']] });
  const [found] = await sql<{ accountId: string; accountNumber: string; contactId: string }>(world, whose, [customer]);
  const tenant = await findTenant(slug);
  if (!found || !tenant) throw new Error(`${pack} has no ${customer}`);
  const twoStepLogin = await furnish(world, found);
  return { pack, world, site: tenant.site, ...found, twoStepLogin, one: (text) => one(world, text, found.accountId), link: (kind, path) => link(world, kind, path, found.contactId) };
}

/** The places of one file of tests: each is made when a test first asks for it. */
export function keepPlaces(): (pack: Pack) => Promise<Place> {
  const kept = new Map<Pack, Promise<Place>>();
  return (pack) => kept.get(pack) ?? (kept.set(pack, makePlace(pack)).get(pack) as Promise<Place>);
}

export async function allPlaces(placeOf: (pack: Pack) => Promise<Place>): Promise<Place[]> {
  const places: Place[] = [];
  for (const pack of packs) places.push(await placeOf(pack));
  return places;
}

const whose = `select a.id as "accountId", a.number as "accountNumber", c.id as "contactId" from app.logins l join app.contacts c on c.login_ref = l.id join app.accounts a on a.id = c.account_id
  where l.login_id = $1 order by a.name, a.id limit 1`;

async function one(world: World, text: string, accountId: string): Promise<string> {
  const [row] = await sql(world, text, text.includes('$1') ? [accountId] : []);
  const value = Object.values(row ?? {})[0];
  if (typeof value !== 'string') throw new Error(`nothing to look at: ${text}`);
  return value;
}

async function link(world: World, kind: LinkKind, path: string, contactId: string): Promise<string> {
  const { token } = newToken();
  const isStaff = kind.startsWith('staff_');
  await sql(world, 'update app.links set replaced_at = now() where kind = $1 and used_at is null and replaced_at is null', [kind]);
  const owns = isStaff ? `(select id from app.staff_users where email = 'frontdesk@example.com')` : '$3::uuid';
  await sql(
    world,
    `insert into app.links (kind, token_hash, email, ${isStaff ? 'staff_id' : 'contact_id'}, expires_at)
     select $1, $2, coalesce(c.email, u.email), o.id, now() + interval '1 day' from (select ${owns} as id) o
       left join app.contacts c on c.id = o.id left join app.staff_users u on u.id = o.id`,
    isStaff ? [kind, hashToken(token)] : [kind, hashToken(token), contactId],
  );
  return `${path}/${token}`;
}
