import type { Feature } from '../tenancy/feature.ts';
import { invitationRoutes } from './routes.ts';
import { staffInvitationRoutes } from './staff.ts';

export const invitationsFeature: Feature = {
  key: 'invitations',
  isOn: (site) => site.enters('invitation'),
  public: invitationRoutes,
  staff: staffInvitationRoutes,
};
