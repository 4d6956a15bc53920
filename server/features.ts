import { accountsFeature } from './accounts/feature.ts';
import { billingFeature } from './billing/feature.ts';
import { checkoutFeature } from './checkout/feature.ts';
import { contactsFeature } from './contacts/feature.ts';
import { creditsFeature } from './credits/feature.ts';
import { homeFeature } from './home/feature.ts';
import { importFeature } from './import/feature.ts';
import { invitationsFeature } from './invitations/feature.ts';
import { invoicesFeature } from './invoices/feature.ts';
import { linksFeature } from './links/feature.ts';
import { messagesFeature } from './messages/feature.ts';
import { passkeysFeature } from './passkeys/feature.ts';
import { passwordsFeature } from './passwords/feature.ts';
import { paymentMethodsFeature } from './payment-methods/feature.ts';
import { paymentRecordsFeature, paymentsFeature } from './payments/feature.ts';
import { resetsFeature } from './resets/feature.ts';
import { settingsFeature } from './settings/feature.ts';
import { signInFeature } from './sign-in/feature.ts';
import { signInsFeature } from './sign-ins/feature.ts';
import { signUpFeature } from './sign-up/feature.ts';
import { staffHomeFeature } from './staff-home/feature.ts';
import { staffUsersFeature } from './staff-users/feature.ts';
import { temporaryPasswordsFeature } from './temporary-passwords/feature.ts';
import type { Feature } from './tenancy/feature.ts';
import { twoStepFeature } from './two-step/feature.ts';
import { upkeepFeature } from './upkeep/feature.ts';

/** Everything the product can do, in tab order. Adding a feature is adding a folder and a line. */
export const features: readonly Feature[] = [upkeepFeature, messagesFeature, signInFeature, linksFeature, resetsFeature, passwordsFeature, signUpFeature, invitationsFeature, temporaryPasswordsFeature, homeFeature, billingFeature, checkoutFeature, paymentMethodsFeature, invoicesFeature, paymentRecordsFeature, paymentsFeature, creditsFeature, accountsFeature, signInsFeature, twoStepFeature, passkeysFeature, staffHomeFeature, contactsFeature, importFeature, settingsFeature, staffUsersFeature];
