import { read } from '../platform/database.ts';
import { enqueue } from '../platform/queue.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import { withTenant } from '../tenancy/tenant-transaction.ts';
import type { LinkKind, LinkPayload } from './link.ts';

export interface LinkRequest {
  readonly id: string;
  readonly typed: string;
  readonly payload: LinkPayload;
}

/**
 * Writes down that somebody at the door wants a link, and answers nothing: who that is, and whether there is anybody, is found out by the
 * job. So the page costs the same for everybody (C-30). Returns the id of the request.
 */
export function requestLink(tenant: Tenant, kind: LinkKind, typed: string, payload: LinkPayload = {}): Promise<string> {
  return withTenant(tenant.id, async () => {
    const [request] = await read<{ id: string }>('request-link', 'insert into app.link_requests (kind, typed, payload) values ($1, $2, $3) returning id', [kind, typed, payload]);
    const id = request?.id ?? '';
    await enqueue(`answer-${kind.replaceAll('_', '-')}`, { tenantId: tenant.id, slug: tenant.slug, requestId: id });
    return id;
  });
}

/** Takes the request away to answer it, in the transaction of the answer: undefined when that has been done. */
export async function takeRequest(id: string): Promise<LinkRequest | undefined> {
  const [request] = await read<LinkRequest & Record<string, unknown>>('take-link-request', 'delete from app.link_requests where id = $1 returning id, typed, payload', [id]);
  return request;
}
