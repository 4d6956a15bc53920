import { accountHistoryFeature } from './account-history/feature.ts';
import { accountsFeature } from './accounts/feature.ts';
import { autopayFeature } from './autopay/feature.ts';
import { attachmentsFeature } from './attachments/feature.ts';
import { bankDraftsFeature } from './bank-drafts/feature.ts';
import { brandFeature } from './brand/feature.ts';
import { billingFeature } from './billing/feature.ts';
import { cardNoticesFeature } from './card-notices/feature.ts';
import { checkoutFeature } from './checkout/feature.ts';
import { contactUsFeature } from './contact-us/feature.ts';
import { contactsFeature } from './contacts/feature.ts';
import { creditsFeature } from './credits/feature.ts';
import { customFieldsFeature } from './custom-fields/feature.ts';
import { digestFeature } from './digest/feature.ts';
import { exportsFeature } from './exports/feature.ts';
import { faqFeature } from './faq/feature.ts';
import { gettingStartedFeature } from './getting-started/feature.ts';
import { homeFeature } from './home/feature.ts';
import { importFeature } from './import/feature.ts';
import { invitationsFeature } from './invitations/feature.ts';
import { invoicesFeature } from './invoices/feature.ts';
import { languageFeature } from './language/feature.ts';
import { linksFeature } from './links/feature.ts';
import { lookingInFeature } from './looking-in/feature.ts';
import { messagesFeature } from './messages/feature.ts';
import { ownChangesFeature } from './own-changes/feature.ts';
import { passkeysFeature } from './passkeys/feature.ts';
import { passwordsFeature } from './passwords/feature.ts';
import { paymentMethodsFeature } from './payment-methods/feature.ts';
import { paymentRecordsFeature, paymentsFeature } from './payments/feature.ts';
import { applicationsFeature, prepaymentsFeature } from './prepayments/feature.ts';
import { propertiesFeature } from './properties/feature.ts';
import { pendingChangesFeature } from './pending-changes/feature.ts';
import { refundsFeature } from './refunds/feature.ts';
import { resetsFeature } from './resets/feature.ts';
import { securityQuestionsFeature } from './security-questions/feature.ts';
import { settingsFeature } from './staff-settings/feature.ts';
import { sharingFeature } from './sharing/feature.ts';
import { signInFeature } from './sign-in/feature.ts';
import { signInHelpFeature } from './sign-in-help/feature.ts';
import { signInsFeature } from './sign-ins/feature.ts';
import { signUpFeature } from './sign-up/feature.ts';
import { staffAccessFeature } from './staff-access/feature.ts';
import { staffAccountsFeature } from './staff-accounts/feature.ts';
import { staffContactsFeature } from './staff-contacts/feature.ts';
import { staffCreditsFeature } from './staff-credits/feature.ts';
import { staffHomeFeature } from './staff-home/feature.ts';
import { staffInvoicesFeature } from './staff-invoices/feature.ts';
import { staffMergingFeature } from './staff-merging/feature.ts';
import { staffLogFeature } from './staff-log/feature.ts';
import { staffMessagesFeature } from './staff-messages/feature.ts';
import { staffPaymentsFeature } from './staff-payments/feature.ts';
import { staffSearchFeature } from './staff-search/feature.ts';
import { staffReportsFeature } from './staff-reports/feature.ts';
import { staffTasksFeature } from './staff-tasks/feature.ts';
import { staffUsersFeature } from './staff-users/feature.ts';
import { statementsFeature } from './statements/feature.ts';
import { temporaryPasswordsFeature } from './temporary-passwords/feature.ts';
import { supportFeature } from './support/feature.ts';
import { suspensionFeature } from './suspension/feature.ts';
import type { Feature } from './tenancy/feature.ts';
import { ticketFeatures } from './tickets/feature.ts';
import { transactionsFeature } from './transactions/feature.ts';
import { twoStepFeature } from './two-step/feature.ts';
import { upkeepFeature } from './upkeep/feature.ts';
import { usagesFeature } from './usages/feature.ts';
import { dispatchFeature } from './dispatch/feature.ts';
import { visitsFeature } from './visits/feature.ts';

/** Everything the product can do, in tab order. Adding a feature is adding a folder and a line. */
export const features: readonly Feature[] = [
  upkeepFeature,
  messagesFeature,
  signInFeature,
  linksFeature,
  resetsFeature,
  passwordsFeature,
  signUpFeature,
  invitationsFeature,
  temporaryPasswordsFeature,
  homeFeature,
  visitsFeature,
  propertiesFeature,
  billingFeature,
  checkoutFeature,
  paymentMethodsFeature,
  bankDraftsFeature,
  invoicesFeature,
  attachmentsFeature,
  paymentRecordsFeature,
  paymentsFeature,
  creditsFeature,
  usagesFeature,
  ...ticketFeatures,
  exportsFeature,
  cardNoticesFeature,
  suspensionFeature,
  transactionsFeature,
  statementsFeature,
  accountsFeature,
  accountHistoryFeature,
  languageFeature,
  ownChangesFeature,
  pendingChangesFeature,
  signInsFeature,
  signInHelpFeature,
  twoStepFeature,
  passkeysFeature,
  securityQuestionsFeature,
  staffHomeFeature,
  contactUsFeature,
  faqFeature,
  customFieldsFeature,
  sharingFeature,
  gettingStartedFeature,
  staffCreditsFeature,
  staffInvoicesFeature,
  staffAccountsFeature,
  staffSearchFeature,
  staffMergingFeature,
  staffContactsFeature,
  contactsFeature,
  staffLogFeature,
  staffMessagesFeature,
  staffReportsFeature,
  supportFeature,
  digestFeature,
  dispatchFeature,
  staffTasksFeature,
  staffPaymentsFeature,
  autopayFeature,
  prepaymentsFeature,
  applicationsFeature,
  refundsFeature,
  importFeature,
  brandFeature,
  settingsFeature,
  lookingInFeature,
  staffUsersFeature,
  staffAccessFeature,
];
