import type { Feature } from '../tenancy/feature.ts';
import { attachmentRoutes, staffAttachmentRoutes } from './routes.ts';

export const attachmentsFeature: Feature = {
  key: 'attachments',
  money: 'see',
  isOn: (site) => site.hasTab('invoices'),
  customer: attachmentRoutes,
  staff: staffAttachmentRoutes,
};
