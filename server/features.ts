import { accountsFeature } from './accounts/feature.ts';
import { billingFeature } from './billing/feature.ts';
import { checkoutFeature } from './checkout/feature.ts';
import { creditsFeature } from './credits/feature.ts';
import { homeFeature } from './home/feature.ts';
import { invoicesFeature } from './invoices/feature.ts';
import { messagesFeature } from './messages/feature.ts';
import { paymentMethodsFeature } from './payment-methods/feature.ts';
import { paymentRecordsFeature, paymentsFeature } from './payments/feature.ts';
import { settingsFeature } from './settings/feature.ts';
import { signInFeature } from './sign-in/feature.ts';
import { staffHomeFeature } from './staff-home/feature.ts';
import { staffUsersFeature } from './staff-users/feature.ts';
import type { Feature } from './tenancy/feature.ts';
import { upkeepFeature } from './upkeep/feature.ts';

/** Everything the product can do, in tab order. Adding a feature is adding a folder and a line. */
export const features: readonly Feature[] = [upkeepFeature, messagesFeature, signInFeature, homeFeature, billingFeature, checkoutFeature, paymentMethodsFeature, invoicesFeature, paymentRecordsFeature, paymentsFeature, creditsFeature, accountsFeature, staffHomeFeature, settingsFeature, staffUsersFeature];
