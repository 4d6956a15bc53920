import type { Response } from 'supertest';
import type { Visitor } from '../support/visitor.ts';

/** Presses "Add Payment Method" and gives the address of the gateway's page. */
export async function leaveForGateway(visitor: Visitor, back?: string): Promise<string> {
  const answer = await visitor.post('/billing/methods', back === undefined ? {} : { back });
  if (answer.status !== 303) throw new Error(`not sent to the gateway: ${answer.status}`);
  return answer.headers['location'] ?? '';
}

/** Types a test number there, and gives the address on the portal that the payer is sent back to. */
export async function typeAtGateway(page: string, number = '4242424242424242'): Promise<string> {
  const body = new URLSearchParams({ name: 'Maria Bestie', number, expiry: '04/30', cvc: number.startsWith('3') ? '1234' : '123', routing: '110000000' });
  const answer = await fetch(number.startsWith('000') ? `${page}?kind=bank` : page, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  return back.pathname + back.search;
}

/** All of it: away, typed, back. Gives the answer of the portal's return address. */
export async function addMethod(visitor: Visitor, number?: string, back?: string): Promise<Response> {
  return visitor.get(await typeAtGateway(await leaveForGateway(visitor, back), number));
}
