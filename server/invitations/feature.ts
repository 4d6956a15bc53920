import { letterRoutes } from '../invitation-letter/routes.ts';
import { manyRoutes } from '../invitation-runs/routes.ts';
import { inviteMany, resumeRuns } from '../invitation-runs/runs.ts';
import type { Feature } from '../tenancy/feature.ts';
import { invitationRoutes } from './routes.ts';
import { staffInvitationRoutes } from './staff.ts';

export const invitationsFeature: Feature = {
  key: 'invitations',
  isOn: (site) => site.enters('invitation'),
  public: invitationRoutes,
  staff: [...staffInvitationRoutes, ...letterRoutes, ...manyRoutes],
  staffLink: { path: '/staff/invitations', icon: 'envelope-paper', label: (t) => t('invitations.many-title'), area: 'invitations' },
  jobs: (outside) => ({ 'invite-many': (payload) => inviteMany(outside, payload), 'resume-invitations': resumeRuns }),
  clock: [{ job: 'resume-invitations', cron: '*/5 * * * *' }],
};
