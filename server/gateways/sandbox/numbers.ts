import type { MethodKind } from '../gateway.ts';

export type Behaviour =
  | 'approve'
  | 'decline'
  | 'slow' // approves, but only after a delay
  | 'silent-before' // never answers and does not charge
  | 'silent-after' // charges and never answers
  | 'clear' // bank: processing, later succeeded
  | 'return'; // bank: processing, later declined

export interface TestNumber {
  readonly id: string;
  readonly kind: MethodKind;
  readonly number: string;
  readonly brand: string;
  readonly behaviour: Behaviour;
  /** What a payer reads when the money does not come. */
  readonly message?: string;
}

/** The published test numbers: the only ones that the sandbox takes. Any future expiry date and any CVC go with a card. */
export const testNumbers: readonly TestNumber[] = [
  { id: 'visa', kind: 'card', number: '4242424242424242', brand: 'Visa', behaviour: 'approve' },
  { id: 'mastercard', kind: 'card', number: '5555555555554444', brand: 'Mastercard', behaviour: 'approve' },
  { id: 'amex', kind: 'card', number: '378282246310005', brand: 'American Express', behaviour: 'approve' },
  { id: 'declined', kind: 'card', number: '4000000000000002', brand: 'Visa', behaviour: 'decline', message: 'Card declined' },
  { id: 'insufficient', kind: 'card', number: '4000000000009995', brand: 'Visa', behaviour: 'decline', message: 'Insufficient funds' },
  { id: 'expired', kind: 'card', number: '4000000000000069', brand: 'Visa', behaviour: 'decline', message: 'Expired card' },
  { id: 'slow', kind: 'card', number: '4000000000003063', brand: 'Visa', behaviour: 'slow' },
  { id: 'silent_before', kind: 'card', number: '4000000000004087', brand: 'Visa', behaviour: 'silent-before' },
  { id: 'silent_after', kind: 'card', number: '4000000000005092', brand: 'Visa', behaviour: 'silent-after' },
  { id: 'bank', kind: 'bank', number: '000123456789', brand: 'Sandbox Bank', behaviour: 'clear' },
  { id: 'bank_returned', kind: 'bank', number: '000111111116', brand: 'Sandbox Bank', behaviour: 'return', message: 'Returned by the bank' },
];

/** The one routing number that goes with the test accounts. */
export const testRouting = '110000000';

export function findTestNumber(kind: MethodKind, number: string): TestNumber | undefined {
  return testNumbers.find((test) => test.kind === kind && test.number === number);
}

/**
 * Ready-made tokens, for tests and sample data that do not walk through the hosted page: `test_visa`, or `test_visa:anything`
 * where a token must be unique. They belong to every tenant.
 */
export function readyMade(token: string): TestNumber | undefined {
  const id = /^test_([a-z_]+)(?::.*)?$/.exec(token)?.[1];
  return testNumbers.find((test) => test.id === id);
}

/** The check digit of card numbers: catches every single wrong digit. */
export function isLuhnValid(number: string): boolean {
  const sum = number.split('').toReversed().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
