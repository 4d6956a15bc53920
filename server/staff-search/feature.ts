import { text } from '../platform/forms.ts';
import { page, seeOther, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import { mayEnter } from '../staff-users/permissions.ts';
import type { Feature, SearchHit } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';
import { findPeople } from './people.ts';

export const staffSearchFeature: Feature = {
  key: 'staff-search',
  staff: [get('/staff/search', search, { area: 'home' })],
  search: { label: (t) => t('staff-search.people'), area: 'accounts', find: findPeople },
};

const mostOfEach = 12;

/** A name, a number, an address or a telephone number gets there: the only exact hit of all is opened at once. */
async function search(req: StaffRequest): Promise<Reply> {
  const typed = text(100, { anyNumber: true }).safeParse(req.query['q']).data ?? '';
  const groups: { label: string; hits: SearchHit[] }[] = [];
  for (const { search: source } of typed ? req.features : []) {
    if (!source || !mayEnter(req.staff, source.area)) continue;
    const hits = await source.find(req, typed, mostOfEach);
    if (hits.length > 0) groups.push({ label: source.label(req.t), hits });
  }
  const exact = groups.flatMap(({ hits }) => hits.filter(({ isExact }) => isExact));
  if (exact.length === 1 && exact[0]) return seeOther(exact[0].path);
  return page('staff-search/found', { title: req.t('staff-search.title'), typed, groups });
}
