import type { Feature } from '../tenancy/feature.ts';
import { questionRoutes, questionsPath } from './routes.ts';

export const securityQuestionsFeature: Feature = {
  key: 'security-questions',
  isPersonal: true,
  first: (req) => (req.person && !req.person.hasQuestions && req.tenant.site.securityQuestions === 'required' ? questionsPath : undefined),
  customer: questionRoutes,
};
