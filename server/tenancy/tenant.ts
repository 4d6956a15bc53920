import { Client } from 'pg';
import { globally, read } from '../platform/database.ts';
import { readSettings } from '../settings/schema.ts';
import { Site } from '../site/site.ts';
import type { Live } from './live.ts';
import { withTenant } from './tenant-transaction.ts';

/** An organization, with what it has published. Kept in process; dropped by NOTIFY, and after five minutes as a belt. */
export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly isDemo: boolean;
  readonly site: Site;
}

type TenantRow = Omit<Tenant, 'site'>;
const kept = new Map<string, { tenant: Promise<Tenant | null>; until: number }>();
const keepMilliseconds = 300_000;

/** null when there is no such organization. Unknown names are not kept, so that guesses cannot fill the memory. */
export async function findTenant(slug: string): Promise<Tenant | null> {
  const found = kept.get(slug);
  if (found && found.until > Date.now()) return found.tenant;
  const tenant = loadTenant(slug);
  kept.set(slug, { tenant, until: Date.now() + keepMilliseconds });
  try {
    const loaded = await tenant;
    if (!loaded) kept.delete(slug);
    return loaded;
  } catch (error) {
    kept.delete(slug);
    throw error;
  }
}

/** For jobs, which know only the id. Throws when there is no such organization. */
export async function demandTenant(id: string): Promise<Tenant> {
  const [row] = await globally(() => read<{ slug: string }>('slug-of-tenant', 'select slug from app.tenants where id = $1', [id]));
  const tenant = row && (await findTenant(row.slug));
  if (!tenant) throw new Error(`there is no tenant ${id}`);
  return tenant;
}

/** The publishing process calls this before it answers, so that its own next page is already new. */
export function forgetTenant(slug?: string): void {
  if (slug === undefined) kept.clear();
  else kept.delete(slug);
}

export function listTenants(): Promise<TenantRow[]> {
  return globally(() => read<TenantRow>('list-tenants', `${select} order by slug`));
}

/**
 * Listens for what other processes publish, on the one connection that this process keeps for news; reconnects by itself, forgets
 * everything when it had to and tells `live` so.
 */
export function listenForTenants(webUrl: string, onError: (error: Error) => void, live?: Live): { stop(): Promise<void> } {
  let client: Client | undefined;
  let stopped = false;
  const connect = async (): Promise<void> => {
    client = new Client({ connectionString: webUrl, keepAlive: true });
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === 'tenant_changed') forgetTenant(payload);
      else if (channel === 'sign_in_ended') live?.endSignIn(payload);
      else live?.tell(...(payload.split(' ') as [string, string]));
    });
    client.on('error', onError);
    client.once('end', () => {
      if (!stopped) setTimeout(() => void retry(), 1000).unref();
    });
    await client.connect();
    await client.query('listen tenant_changed; listen visits_changed; listen sign_in_ended');
    forgetTenant();
    live?.tellAll();
  };
  const retry = () => connect().catch(onError);
  const ready = retry();
  return {
    stop: async () => {
      stopped = true;
      await ready;
      await client?.end().catch(onError);
    },
  };
}

const select = `select id, slug, name, status, is_demo as "isDemo" from app.tenants`;

async function loadTenant(slug: string): Promise<Tenant | null> {
  const [row] = await globally(() => read<TenantRow>('tenant-by-slug', `${select} where slug = $1`, [slug]));
  if (!row) return null;
  const site = await withTenant(row.id, async () => {
    const [found] = await read<{ published: Record<string, unknown>; version: number }>('settings', 'select published, version from app.settings');
    return new Site(readSettings(found?.published ?? {}), found?.version ?? 0);
  });
  return { ...row, site };
}
