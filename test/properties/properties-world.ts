import { visit, type Visitor } from '../support/visitor.ts';
import { makeAccount, makeContact, makeInvoice, makeLogin, makeWorld, password, type World } from '../support/world.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';

/** One person with two properties, signed in and looking at the first one by name, 'Elm Street'. */
export interface Owner {
  readonly world: World;
  readonly visitor: Visitor;
  readonly elm: string;
  readonly oak: string;
  readonly elmContact: string;
  readonly oakContact: string;
}

export async function twoProperties(settings: Partial<SettingsDocument> = {}, rights: Readonly<Record<string, unknown>> = {}): Promise<Owner> {
  const world = await makeWorld('fieldservice', settings);
  const loginRef = await makeLogin(world, 'maria');
  const [elm, oak] = [await makeAccount(world, { name: 'Elm Street', number: 'P-1' }), await makeAccount(world, { name: 'Oak Avenue', number: 'P-2' })];
  const elmContact = await makeContact(world, elm, { login_ref: loginRef });
  const oakContact = await makeContact(world, oak, { login_ref: loginRef, ...rights });
  const visitor = await visit(world.slug);
  await visitor.signIn('maria', password);
  return { world, visitor, elm, oak, elmContact, oakContact };
}

/** Each property owes: Elm Street 85.00 from long ago, Oak Avenue 120.00. */
export async function bothOwe({ world, elm, oak }: Owner): Promise<void> {
  await makeInvoice(world, elm, { number: 'INV-ELM', total_cents: 8500 });
  await makeInvoice(world, oak, { number: 'INV-OAK', total_cents: 12000 });
}

export const choose = ({ visitor }: Pick<Owner, 'visitor'>, account: string) => visitor.post('/account/choice', { account });
