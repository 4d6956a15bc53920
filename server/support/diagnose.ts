import { isAddress } from '../staff-contacts/contact-form.ts';
import type { Site } from '../site/site.ts';
import { browserOf } from './browser-age.ts';
import type { Facts } from './facts.ts';

/** S1's troubleshooting lesson (S1-86 to S1-108), in the order in which things stand in the way. */
export const checks = ['email', 'stage', 'blocked', 'portal', 'locked', 'tries', 'mail', 'link', 'browser', 'framed'] as const;
export type Check = (typeof checks)[number];

export interface Finding {
  readonly check: Check;
  readonly state: 'good' | 'act' | 'quiet';
  /** Which sentence of the check it is: support.<check>-<says>. */
  readonly says: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Instants among the values. */
  readonly at?: string | undefined;
}

/** What is so, from facts alone. */
export function diagnose(facts: Facts, site: Site): Finding[] {
  return checks.map((check) => ({ check, values: {}, ...rules[check](facts, site) }));
}

type Said = Omit<Finding, 'check' | 'values'> & Partial<Pick<Finding, 'values'>>;

const rules: Readonly<Record<Check, (facts: Facts, site: Site) => Said>> = {
  email: ({ email }) => (!email ? red('none') : isAddress(email) ? good('good', { email }) : red('wrong', { email })),
  stage: ({ stage }) => (stage === 'lead' || stage === 'closed' ? red(stage) : good(stage)),
  blocked: ({ maySignIn }) => (maySignIn ? good('good') : red('blocked')),
  portal: ({ hasPassword, invitedAt }, site) => (hasPassword ? good('good') : red(site.isInvitedOnly && !invitedAt ? 'uninvited' : 'no-password')),
  locked: ({ loginId, lockedAt, failedAttempts: count }, { maxAttempts: most, lockMinutes }) => {
    if (!loginId) return quiet('no-login');
    const isOver = lockedAt !== null && lockMinutes !== null && Date.parse(lockedAt) < Date.now() - lockMinutes * 60_000;
    return lockedAt && !isOver ? red('locked', { most }, lockedAt) : good('good', { count: isOver ? 0 : count, most });
  },
  tries: ({ tries, lastGood }) => {
    const [last] = tries;
    if (!last) return lastGood ? good('good', {}, lastGood.at) : quiet('none');
    return lastGood && lastGood.at > last.at ? good('since', {}, lastGood.at) : red('refused', { count: tries.length }, last.at);
  },
  mail: ({ mail, email }) => {
    if (!mail) return quiet('none');
    if (mail.status === 'failed') return red('failed', { to: mail.to, error: mail.error ?? '' }, mail.at);
    if (email && mail.to.toLowerCase() !== email.toLowerCase()) return red('elsewhere', { to: mail.to }, mail.at);
    return mail.status === 'queued' ? quiet('queued', { to: mail.to }, mail.at) : good('good', { to: mail.to }, mail.at);
  },
  link: ({ link }) => {
    if (!link) return quiet('none');
    if (link.usedAt) return good('used', {}, link.usedAt);
    if (link.replacedAt) return quiet('replaced', {}, link.at);
    if (link.isExpired) return red(link.openedAt ? 'expired-opened' : 'expired', {}, link.expiresAt);
    return link.openedAt ? quiet('opened', {}, link.openedAt) : quiet('waiting', {}, link.expiresAt);
  },
  browser: ({ tries, lastGood }) => {
    const newest = [tries[0], lastGood].filter((one) => one?.device).toSorted((one, other) => ((one?.at ?? '') < (other?.at ?? '') ? 1 : -1))[0];
    const browser = newest?.device ? browserOf(newest.device) : undefined;
    if (!browser) return quiet('none');
    const { name, version } = browser;
    return browser.isOld ? red('old', { name, version }, newest?.at) : good('good', { name, version }, newest?.at);
  },
  framed: ({ framedBy, framedAt }) => (framedBy === null ? good('good') : red(framedBy ? 'framed' : 'somewhere', { site: framedBy }, framedAt ?? undefined)),
};

type Values = Finding['values'];
const red = (says: string, values: Values = {}, at?: string): Said => ({ state: 'act', says, values, at });
const good = (says: string, values: Values = {}, at?: string): Said => ({ state: 'good', says, values, at });
const quiet = (says: string, values: Values = {}, at?: string): Said => ({ state: 'quiet', says, values, at });
