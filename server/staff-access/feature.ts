import type { Feature } from '../tenancy/feature.ts';
import { answerStaffReset } from './answer-reset.ts';
import { staffPeopleRoutes } from './people.ts';
import { staffAccessRoutes } from './routes.ts';

export const staffAccessFeature: Feature = {
  key: 'staff-access',
  public: staffAccessRoutes,
  staff: staffPeopleRoutes,
  jobs: (outside) => ({ 'answer-staff-reset': (payload) => answerStaffReset(outside, payload) }),
};
