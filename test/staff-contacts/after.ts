import { sql, type World } from '../support/world.ts';

export { opens as openOf } from '../support/door.ts';

/** How many sign-ins of customers are still open. */
export async function signInsOf(world: World): Promise<number> {
  const [row] = await sql<{ count: number }>(world, 'select count(*)::int as count from app.sign_ins where login_ref is not null and ended_at is null');
  return row?.count ?? 0;
}
