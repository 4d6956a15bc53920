import { randomBytes } from 'node:crypto';
import type { ChargeRequest, Outcome, RefundRequest } from '../gateway.ts';
import type { Charge, Ledger, Operation } from './ledger.ts';
import { readyMade, testNumbers, type Behaviour, type TestNumber } from './numbers.ts';

export interface Bank {
  readonly ledger: Ledger;
  readonly slowMs: number;
  readonly bankMs: number;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** The same key came with other parameters. */
export class Mismatch extends Error {}

/** Null stands for silence: the caller never gets an answer. Throws Mismatch. */
export async function charge(bank: Bank, request: ChargeRequest): Promise<Outcome | null> {
  const first = bank.ledger.operations.get(request.key);
  if (first) return repeat(bank, first, isSameCharge(first, request));
  const number = numberBehind(bank.ledger, request);
  if (number?.behaviour === 'silent-before') return null;
  if (number?.behaviour === 'slow') {
    await bank.pause(bank.slowMs);
    // Meanwhile the key may have been charged or cancelled by somebody else.
    const meanwhile = bank.ledger.operations.get(request.key);
    if (meanwhile) return repeat(bank, meanwhile, isSameCharge(meanwhile, request));
  }
  const entry = decide(request, number, bank.now());
  await bank.ledger.append(entry);
  return number?.behaviour === 'silent-after' ? null : answerOf(bank, entry);
}

export async function lookup(bank: Bank, key: string): Promise<Outcome | { outcome: 'not_found' }> {
  const operation = bank.ledger.operations.get(key);
  await bank.ledger.written();
  return operation ? answerOf(bank, operation) : { outcome: 'not_found' };
}

export async function cancel(bank: Bank, key: string): Promise<{ cancelled: true } | { cancelled: false; answer: Outcome }> {
  const operation = bank.ledger.operations.get(key);
  await (operation ? bank.ledger.written() : bank.ledger.append({ type: 'cancellation', key }));
  return !operation || operation.type === 'cancellation' ? { cancelled: true } : { cancelled: false, answer: answerOf(bank, operation) };
}

/** Throws Mismatch. */
export async function refund(bank: Bank, request: RefundRequest): Promise<Outcome> {
  const first = bank.ledger.operations.get(request.key);
  if (first) return repeat(bank, first, isSameRefund(first, request));
  const answer = decideRefund(bank, request);
  await bank.ledger.append({ type: 'refund', ...request, answer });
  return answer;
}

/** Every charge asked for, with what became of it: what a check compares the portal's own books with. */
export async function dumpCharges(bank: Bank) {
  const operations = [...bank.ledger.operations.values()];
  await bank.ledger.written();
  return operations.filter((operation) => operation.type === 'charge').map((entry) => ({
    ...entry, outcome: answerOf(bank, entry).outcome, refundedCents: bank.ledger.refundedCents.get(entry.reference ?? '') ?? 0,
  }));
}

async function repeat(bank: Bank, first: Operation, isSame: boolean): Promise<Outcome> {
  await bank.ledger.written();
  if (!isSame) throw new Mismatch();
  return answerOf(bank, first);
}

const chargeFields = ['tenantId', 'amountCents', 'currency', 'token', 'description'] as const;

function isSameCharge(first: Operation, request: ChargeRequest): boolean {
  if (first.type === 'cancellation') return true;
  return first.type === 'charge' && chargeFields.every((field) => first[field] === request[field]);
}

function isSameRefund(first: Operation, request: RefundRequest): boolean {
  if (first.type === 'cancellation') return true;
  return first.type === 'refund' && first.reference === request.reference && first.amountCents === request.amountCents;
}

function numberBehind(ledger: Ledger, { token, tenantId }: ChargeRequest): TestNumber | undefined {
  if (ledger.detached.has(token)) return undefined;
  const method = ledger.methods.get(token);
  if (!method) return readyMade(token);
  return method.tenantId === tenantId ? testNumbers.find((test) => test.id === method.number) : undefined;
}

const results: Record<Behaviour, Charge['result']> = {
  'approve': 'approved', 'slow': 'approved', 'silent-before': 'declined', 'silent-after': 'approved',
  'decline': 'declined', 'clear': 'clears', 'return': 'returns',
};

function decide(request: ChargeRequest, number: TestNumber | undefined, chargedAt: number): Charge {
  const entry = { type: 'charge', ...request, chargedAt } as const;
  if (!number) return { ...entry, reference: null, result: 'declined', message: 'Payment method no longer available' };
  return { ...entry, reference: newReference('ch'), result: results[number.behaviour], message: number.message ?? 'Approved' };
}

function answerOf(bank: Bank, operation: Operation): Outcome {
  if (operation.type === 'cancellation') return { outcome: 'declined', reference: null, message: 'Payment cancelled' };
  if (operation.type === 'refund') return operation.answer;
  const { reference, result, message } = operation;
  if (reference === null || result === 'declined') return { outcome: 'declined', reference, message };
  if (result === 'approved') return { outcome: 'succeeded', reference, message };
  if (bank.now() < operation.chargedAt + bank.bankMs) return { outcome: 'processing', reference, message: 'Bank payment under way' };
  return { outcome: result === 'clears' ? 'succeeded' : 'declined', reference, message };
}

function decideRefund(bank: Bank, { reference, amountCents }: RefundRequest): Outcome {
  const paid = bank.ledger.charges.get(reference);
  if (!paid || answerOf(bank, paid).outcome !== 'succeeded') return { outcome: 'declined', reference: null, message: 'No payment to refund' };
  const refundedCents = bank.ledger.refundedCents.get(reference) ?? 0;
  if (refundedCents + amountCents > paid.amountCents) return { outcome: 'declined', reference: null, message: 'More than was paid' };
  return { outcome: 'succeeded', reference: newReference('re'), message: 'Refunded' };
}

function newReference(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('base64url')}`;
}
