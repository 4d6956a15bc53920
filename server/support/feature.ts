import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { countHindrances, doctorRoutes, findAsked } from './doctor.ts';
import { findTestContact, listTestContacts } from './test-contact.ts';
import { viewAsRoutes } from './view-as.ts';

const area = 'support';

export const supportFeature: Feature = {
  key: 'support',
  staff: [get('/staff/support', showSupport, { area }), ...viewAsRoutes, ...doctorRoutes],
  staffLink: { path: '/staff/support', icon: 'life-preserver', label: (t) => t('support.title'), area },
  contactParts: [{ place: 'top', view: 'support/test-notice', read: async (_req, { id }) => asPart(await findTestContact(id)) }, { place: 'portal', view: 'support/ways-in', area, read: async (req, { id }) => ({ mayView: req.tenant.site.mayViewAs, count: await countHindrances(req, id) }) }],
  accountParts: [{ place: 'contacts', view: 'support/add-test', area, read: async (_req, { stage }) => (stage === 'active' || stage === 'suspended' ? {} : undefined) }],
};

/** S1-83: what is still there of looking in; S1-85: what it says that staff get in and the parent does not. */
async function showSupport(req: StaffRequest): Promise<Reply> {
  const asked = await findAsked(req);
  const [only] = asked.people;
  if (only && asked.people.length === 1) return seeOther(`/staff/contacts/${only.id}/doctor`);
  return page('support/support', { title: req.t('support.title'), asked, tests: await listTestContacts() });
}

function asPart(test: Awaited<ReturnType<typeof findTestContact>>) {
  return test && { test };
}
