import { connectTo } from '../../server/platform/database.ts';
import { findTenant, listenForTenants } from '../../server/tenancy/tenant.ts';

// A second web process, as far as settings go: it keeps what it has read, and hears what the first one publishes.
const url = process.argv[2] ?? '';
connectTo(url);
listenForTenants(url, (error) => process.send?.({ error: error.message }));
process.on('message', (slug: string) => {
  void findTenant(slug).then((tenant) => process.send?.({ name: tenant?.site.displayName ?? null, version: tenant?.site.version }));
});
process.send?.('ready');
