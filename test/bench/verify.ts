import { escape, writeMoney } from './figures.ts';
import { lookOf } from './kit.ts';
import type { Places } from './places.ts';
import type { Served } from './processes.ts';
import { ask, isOfAll, truthOf, type Truth } from './sample.ts';
import { headersOf, type People, type Session } from './sessions.ts';

type Variants = ReadonlyMap<string, Served>;

/** Nobody is fast by being wrong: each variant shows the database's own figures to 20 people, and signs nobody in on another organization's host. Throws at the first that does not. */
export async function verify(variants: Variants, { customers, returning }: People, places: Places): Promise<void> {
  for (const session of customers.slice(0, 20)) {
    const truth = await truthOf(places, session);
    const stranger = customers.find(({ tenantId }) => tenantId !== session.tenantId);
    for (const [name, served] of variants) {
      await demandFigures(name, served, session, truth);
      const foreign = await ask(served, '/', { ...session.headers, host: stranger?.headers['host'] ?? '' });
      demand(name, session, !stranger || foreign.status === 303, `a foreign cookie was answered with ${foreign.status}`);
    }
  }
  // The others' pages name them as the one that was sampled is named.
  for (const visitor of returning.filter(({ slug }) => slug === lookOf(slug)).slice(0, 8)) await demandSameDoor(variants, visitor);
}

async function demandFigures(name: string, served: Served, session: Session, truth: Truth): Promise<void> {
  const home = await ask(served, '/', session.headers);
  const has = (text: string) => home.html.includes(text);
  demand(name, session, home.status === 200 && has(escape(truth.account)) && has(writeMoney(truth.openCents)), 'the home page has another name or balance');
  for (const { number } of [...truth.visits.slice(0, 4), ...truth.tickets.slice(0, 5)]) demand(name, session, has(`/${number}"`), `the home page lacks ${number}`);
  const list = await ask(served, '/invoices', session.headers);
  const numbers = [...new Set(list.html.match(/INV-\d+/g))];
  demand(name, session, numbers.join() === truth.invoices.slice(0, 25).map(({ number }) => number).join(), `the list shows ${numbers.slice(0, 3).join()}…`);
}

/** The sign-in page of (b) is the product's: the same bytes and the same headers, with a cookie that nobody knows any more and without one. */
async function demandSameDoor(variants: Variants, visitor: Session): Promise<void> {
  for (const headers of [visitor.headers, headersOf(visitor.slug)]) {
    const [ours, other] = await Promise.all((['product', 'statement'] as const).map((name) => ask(variants.get(name)!, '/login', headers)));
    demand('statement', visitor, other?.status === 200 && other.html === ours?.html, 'the sign-in page is another');
    demand('statement', visitor, JSON.stringify(named(other?.headers ?? {})) === JSON.stringify(named(ours?.headers ?? {})), 'the sign-in page has other headers');
  }
}

function named(headers: object): [string, unknown][] {
  return Object.entries(headers).map(([name, value]) => [name, isOfAll(name) ? value : ''] as [string, unknown]).toSorted(([one], [other]) => one.localeCompare(other));
}

function demand(name: string, session: Session, isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`${name}, ${session.slug}, account ${session.accountId}: ${what}`);
}
