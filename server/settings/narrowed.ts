import { Site } from './site.ts';

interface Rights {
  readonly maySeeMoney: boolean;
  readonly mayPay: boolean;
}

const wholes = new WeakMap<Site, Site>();
const narrowed = new WeakMap<Site, { readonly unpaying: Site; readonly moneyless: Site }>();

/** The tabs that show nothing but money. */
const moneyTabs: ReadonlySet<string> = new Set(['billing', 'invoices', 'payments', 'credits', 'usages']);

/**
 * The portal as a contact with these rights sees it: who may not pay finds no way to pay, as where there is no gateway; who may not
 * see money finds no page of it. That hides; what keeps people out is the guard of the walk and the wall.
 */
export function siteFor(site: Site, { maySeeMoney, mayPay }: Rights): Site {
  const whole = wholes.get(site) ?? site;
  if (mayPay && maySeeMoney) return whole;
  let found = narrowed.get(whole);
  if (!found) narrowed.set(whole, (found = { unpaying: narrow(whole, false), moneyless: narrow(whole, true) }));
  return maySeeMoney ? found.unpaying : found.moneyless;
}

function narrow(whole: Site, isMoneyless: boolean): Site {
  const { document, version } = whole;
  const off = <Entry extends { readonly key: string }>(entries: readonly Entry[]) => entries.map((entry) => (moneyTabs.has(entry.key) ? { ...entry, enabled: 'off' as const } : entry));
  const lists = isMoneyless ? { tabs: off(document.tabs), 'billing.statement': false } : {};
  const site = new Site({ ...document, ...lists, 'payments.gateway': 'none', 'payments.bank_drafts': false }, version);
  wholes.set(site, whole);
  return site;
}
