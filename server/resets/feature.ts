import type { Feature } from '../tenancy/feature.ts';
import { answerConfirmPassword, answerReset } from './answer-request.ts';
import { resetRoutes } from './routes.ts';

export const resetsFeature: Feature = {
  key: 'resets',
  public: resetRoutes,
  jobs: (outside) => ({
    'answer-reset': (payload) => answerReset(outside, payload),
    'answer-confirm-password': (payload) => answerConfirmPassword(outside, payload),
  }),
};
