import { answerSignUp } from '../resets/answer-request.ts';
import type { Feature } from '../tenancy/feature.ts';
import { signUpRoutes } from './routes.ts';

export const signUpFeature: Feature = {
  key: 'sign-up',
  isOn: (site) => site.enters('self_signup'),
  public: signUpRoutes,
  jobs: (outside) => ({ 'answer-sign-up': (payload) => answerSignUp(outside, payload) }),
};
