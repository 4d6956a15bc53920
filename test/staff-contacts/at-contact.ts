import { makeCaller, type Caller } from '../support/door.ts';
import { formFields, staffVisitor, type Fields } from '../support/staff-visit.ts';
import type { Visitor } from '../support/visitor.ts';

export interface AtContact extends Caller {
  readonly staff: Visitor;
  readonly path: string;
  /** What the page's form would send now. */
  readonly form: () => Promise<Fields>;
  /** Sends the whole form with some of its fields changed; undefined clears a check box. */
  readonly save: (changed: Readonly<Record<string, unknown>>) => ReturnType<Visitor['post']>;
}

/** The front desk, on the page of a contact of a new organization. */
export async function atContact(login?: string, contact: Record<string, unknown> = {}, pack = 'studio'): Promise<AtContact> {
  const caller = await makeCaller(pack, {}, { contact, ...(login !== undefined && { login }) });
  const staff = await staffVisitor(caller.world, 'front_desk');
  const path = `/staff/contacts/${caller.contactId}`;
  const form = async () => formFields((await staff.get(path)).text, 'contact');
  return { ...caller, staff, path, form, save: async (changed) => staff.post(path, { ...(await form()), ...changed }) };
}
