import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, password, sql, type World } from '../support/world.ts';

export async function staffOf(world: World, role: 'owner' | 'manager' | 'front_desk' = 'owner'): Promise<Visitor> {
  await makeStaff(world, role);
  return (await visit(world.slug)).signIn(`${role}@example.test`, password, '/staff/login');
}

const definition = { noun: 'account', type: 'text', access: 'edit', hint: '', choices: '', least: '', most: '', key: '' };

/** Defines a field as the owner does, and returns its id. */
export async function define(owner: Visitor, world: World, label: string, given: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await owner.post('/staff/custom-fields', { ...definition, label, ...given });
  if (answer.status !== 303) throw new Error(`${label} was not defined: ${answer.status}`);
  const [row] = await sql<{ id: string }>(world, 'select id from app.custom_fields where label = $1', [label]);
  return row?.id ?? '';
}

export const valuesOf = async (world: World): Promise<string[]> => (await sql<{ value: string }>(world, 'select v.value from app.custom_values v join app.custom_fields f on f.id = v.field_id order by f.noun, f.position')).map(({ value }) => value);
export const logOf = async (world: World): Promise<string[]> => (await sql<{ message: string }>(world, `select message from app.portal_log where kind = 'profile-changed' order by id`)).map(({ message }) => message);
export const numberOf = async (world: World, accountId: string): Promise<string> => (await sql<{ number: string }>(world, 'select number from app.accounts where id = $1', [accountId]))[0]?.number ?? '';
