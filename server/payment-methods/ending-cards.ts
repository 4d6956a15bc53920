import { jsonRows } from '../platform/json-rows.ts';
import type { Feature } from '../tenancy/feature.ts';

interface EndingCard {
  readonly brand: string;
  readonly last4: string;
  readonly endsOn: string;
  readonly hasExpired: boolean;
  readonly isAutopay: boolean;
}

const ending = ({ of, isAutopay }: { readonly of: string; readonly isAutopay: string }) => jsonRows(`
  select m.brand, m.last4, card.ends_on as "endsOn", card.ends_on < $2::date as "hasExpired", ${isAutopay} as "isAutopay"
    from ${of}, lateral (select (make_date(m.exp_year, m.exp_month, 1) + interval '1 month - 1 day')::date as ends_on) card
   where m.account_id = $1 and m.removed_at is null and m.kind = 'card' and m.gateway = $4 and (m.is_default or ${isAutopay}) and card.ends_on <= $2::date + 30
   order by card.ends_on, m.id limit 3`);

/** The card that an account pays with by itself or at first, once it ends within thirty days. */
export const endingCards: NonNullable<Feature['tasks']> = {
  sql: {
    on: ending({ of: 'account a, app.payment_methods m', isAutopay: 'm.id is not distinct from a.autopay_method_id' }),
    off: ending({ of: 'app.payment_methods m', isAutopay: 'false' }),
  },
  list: (found, { t, formats }) =>
    (found as readonly EndingCard[]).map(({ brand, last4, endsOn, hasExpired, isAutopay }) => ({
      text: t(hasExpired ? 'payment-methods.task-expired' : 'payment-methods.task-ends', { brand, last4, day: formats.nearDate(endsOn) }),
      note: t(isAutopay ? 'payment-methods.task-autopay' : 'payment-methods.task-default'),
      button: t('payment-methods.task-button'),
      path: '/billing/methods',
      isUrgent: hasExpired && isAutopay,
    })),
};
