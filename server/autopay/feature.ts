import { enqueueForEachTenant } from '../tenancy/each-tenant.ts';
import type { Feature } from '../tenancy/feature.ts';
import { autopayRoutes } from './routes.ts';
import { failedCharges } from './failed-charges.ts';
import { runAutopay } from './run-autopay.ts';
import { autopayStaffRoutes } from './staff.ts';

export const autopayFeature: Feature = {
  key: 'autopay',
  money: 'pay',
  isOn: (site) => site.hasAutopay,
  tasks: failedCharges,
  customer: autopayRoutes,
  staff: autopayStaffRoutes,
  staffLink: { path: '/staff/autopay', icon: 'arrow-repeat', label: (t) => t('autopay.title'), area: 'invoices' },
  jobs: (outside) => ({
    autopay: async ({ tenantId = '' }) => runAutopay(outside, tenantId),
    'autopay-everywhere': () => enqueueForEachTenant('autopay'),
  }),
  // Often, so that a run whose process has died goes on soon; a day's run happens once however often it is looked for.
  clock: [{ job: 'autopay-everywhere', cron: '*/10 * * * *' }],
};
