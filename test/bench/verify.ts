import { escape, writeMoney } from './figures.ts';
import type { Places } from './places.ts';
import type { Served } from './processes.ts';
import { ask, isOfAll, truthOf, type Truth } from './sample.ts';
import { headersOf, type People, type Session } from './sessions.ts';

type Variants = ReadonlyMap<string, Served>;

/**
 * Nobody is fast by being wrong: each variant shows 20 people the database's own figures, (b) and (c) the product's own pages, letter for letter
 * but for spaces and the tokens of its forms, and nobody is signed in on another organization's host. Throws at the first that is not so.
 * Without the wall the product reads the settings of any organization: there only the figures can be right.
 */
export async function verify(variants: Variants, { customers, returning }: People, places: Places): Promise<void> {
  for (const session of customers.slice(0, 20)) {
    const truth = await truthOf(places, session);
    const stranger = customers.find(({ tenantId }) => tenantId !== session.tenantId);
    for (const [name, served] of variants) {
      await demandFigures(name, served, session, truth);
      if (name !== 'unwalled') for (const page of ['/', '/invoices']) await demandSamePage(name, variants, page, session.headers, session);
      const foreign = await ask(served, '/', { ...session.headers, host: stranger?.headers['host'] ?? '' });
      demand(name, session, !stranger || foreign.status === 303, `a foreign cookie was answered with ${foreign.status}`);
    }
  }
  for (const visitor of returning.slice(0, 8)) {
    for (const headers of [visitor.headers, headersOf(visitor.slug)]) {
      for (const name of ['statement', 'idiomatic']) await demandSamePage(name, variants, '/login', headers, visitor);
      await demandSameHeaders(variants, headers, visitor);
    }
  }
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

async function demandSamePage(name: string, variants: Variants, page: string, headers: Session['headers'], session: Session): Promise<void> {
  const letters = async (one: string) => lettersOf((await ask(take(variants, one), page, headers)).html);
  const [ours, theirs] = [await letters('product'), await letters(name)];
  let same = 0;
  while (same < ours.length && ours[same] === theirs[same]) same += 1;
  const near = (text: string) => text.slice(Math.max(same - 80, 0), same + 80);
  demand(name, session, ours === theirs, `${page} is another: ${near(theirs)} and not ${near(ours)}`);
}

/** Without spaces, the tokens of forms, and what is less than a second, of which Sequelize knows less. */
const lettersOf = (html: string): string => html.replace(/\s+/g, '').replace(/(?<=name="_csrf"value=")[^"]*/g, '').replace(/(:\d\d)\.\d+(Z|\+00:00)"/g, '$1"');

async function demandSameHeaders(variants: Variants, headers: Session['headers'], visitor: Session): Promise<void> {
  const [ours, theirs] = await Promise.all(['product', 'statement'].map((name) => ask(take(variants, name), '/login', headers)));
  demand('statement', visitor, JSON.stringify(named(theirs?.headers ?? {})) === JSON.stringify(named(ours?.headers ?? {})), 'the sign-in page has other headers');
}

function named(headers: object): [string, unknown][] {
  return Object.entries(headers).map(([name, value]) => [name, isOfAll(name) ? value : ''] as [string, unknown]).toSorted(([one], [other]) => one.localeCompare(other));
}

function demand(name: string, session: Session, isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`${name}, ${session.slug}, account ${session.accountId}: ${what}`);
}

function take(variants: Variants, name: string): Served {
  const served = variants.get(name);
  if (!served) throw new Error(`${name} does not run`);
  return served;
}
