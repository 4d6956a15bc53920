import { text } from '../platform/forms.ts';
import { toCents } from './money.ts';

/** An amount as people type it, in minor units; nothing typed is null. */
export const amountField = (currency: string) =>
  text(20).transform((typed, context) => {
    const cents = typed === '' ? null : toCents(typed, currency);
    if (typed !== '' && cents === null) context.addIssue({ code: 'custom', message: 'forms.not-an-amount' });
    return cents;
  });
