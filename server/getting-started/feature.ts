import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get, post } from '../platform/routes.ts';
import { setFlash } from '../platform/session.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { hideSteps, readSteps, showStepsAgain } from './facts.ts';

const area = 'settings';

export const gettingStartedFeature: Feature = {
  key: 'getting-started',
  staff: [get('/staff/getting-started', show, { area }), post('/staff/getting-started/hiding', hide, { area }), post('/staff/getting-started/showing', showAgain, { area })],
};

/** S1-27 */
async function show(req: StaffRequest): Promise<Reply> {
  return page('getting-started/steps', { title: req.t('getting-started.title', { portal: req.tenant.site.typeLabel }), ...(await readSteps(req.tenant.site)) });
}

async function hide(req: StaffRequest): Promise<Reply> {
  await hideSteps(req.staff.staffId);
  setFlash(req, 'info', req.t('getting-started.is-hidden'));
  return seeOther('/staff');
}

async function showAgain(): Promise<Reply> {
  await showStepsAgain();
  return seeOther('/staff/getting-started');
}
