import { visit, type Visitor } from '../support/visitor.ts';
import { makeStaff, password, type World } from '../support/world.ts';

export async function asStaff(world: World, role: 'owner' | 'manager' | 'front_desk' = 'front_desk'): Promise<Visitor> {
  await makeStaff(world, role);
  return (await visit(world.slug)).signIn(`${role}@example.test`, password, '/staff/login');
}
