import { Site } from './site.ts';

interface Rights {
  readonly maySeeMoney: boolean;
  readonly mayPay: boolean;
}

const wholes = new WeakMap<Site, Site>();
const narrowed = new WeakMap<Site, Map<string, Site>>();

/** The tabs that show nothing but money. */
const moneyTabs: ReadonlySet<string> = new Set(['billing', 'invoices', 'payments', 'credits', 'usages']);

/**
 * The portal as a contact with these rights sees it: who may not pay finds no way to pay, as where there is no gateway; who may not
 * see money finds no page of it. That hides; what keeps people out is the guard of the walk and the wall. Who reads another language
 * than the organization's finds our words on the tabs: its labels are in its own.
 */
export function siteFor(site: Site, { maySeeMoney, mayPay }: Rights, locale?: string | null): Site {
  const whole = wholes.get(site) ?? site;
  const keepsLabels = whole.language(locale) === whole.language();
  if (mayPay && maySeeMoney && keepsLabels) return whole;
  const found = narrowed.get(whole) ?? new Map<string, Site>();
  narrowed.set(whole, found);
  const key = [maySeeMoney, mayPay, keepsLabels].join();
  const one = found.get(key) ?? narrow(whole, { maySeeMoney, mayPay }, keepsLabels);
  found.set(key, one);
  return one;
}

function narrow(whole: Site, { maySeeMoney, mayPay }: Rights, keepsLabels: boolean): Site {
  const { document, version } = whole;
  const isOff = (key: string) => !maySeeMoney && moneyTabs.has(key);
  const tabs = document.tabs.map(({ label, ...tab }) => ({ ...tab, ...(keepsLabels && label && { label }), ...(isOff(tab.key) && { enabled: 'off' as const }) }));
  const site = new Site({ ...document, tabs, ...(!maySeeMoney && { 'billing.statement': false }), ...(!(maySeeMoney && mayPay) && { 'payments.gateway': 'none', 'payments.bank_drafts': false }) }, version);
  wholes.set(site, whole);
  return site;
}
