import type { Places } from './places.ts';
import type { Served } from './processes.ts';
import { escape, writeMoney } from './figures.ts';
import { ask, truthOf } from './sample.ts';
import type { Session } from './sessions.ts';

/** Nobody is fast by being wrong: each variant shows the database's own figures to 20 people, and signs nobody in on another organization's host. Throws at the first that does not. */
export async function verify(variants: ReadonlyMap<string, Served>, customers: readonly Session[], places: Places): Promise<void> {
  for (const session of customers.slice(0, 20)) {
    const truth = await truthOf(places, session);
    const stranger = customers.find(({ tenantId }) => tenantId !== session.tenantId);
    for (const [name, served] of variants) {
      const home = await ask(served, '/', session.headers);
      const list = await ask(served, '/invoices', session.headers);
      demand(name, session, home.status === 200 && home.html.includes(escape(truth.account)) && home.html.includes(writeMoney(truth.openCents)), 'the home page has another name or balance');
      const numbers = [...new Set(list.html.match(/INV-\d+/g))];
      demand(name, session, numbers.join() === truth.invoices.slice(0, 25).map(({ number }) => number).join(), `the list shows ${numbers.slice(0, 3).join()}…`);
      const foreign = await ask(served, '/', { ...session.headers, host: stranger?.headers['host'] ?? '' });
      demand(name, session, !stranger || foreign.status === 303, `a foreign cookie was answered with ${foreign.status}`);
    }
  }
}

function demand(name: string, session: Session, isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`${name}, ${session.slug}, account ${session.accountId}: ${what}`);
}
