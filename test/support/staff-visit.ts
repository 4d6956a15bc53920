import { makeAccount, makeContact, makeLogin, makeStaff, makeWorld, password, type World } from './world.ts';
import { visit, type Visitor } from './visitor.ts';
import type { SettingsDocument } from '../../server/settings/schema.ts';

type Role = 'owner' | 'manager' | 'front_desk';
export type Fields = Record<string, string | string[]>;

/** A member of staff who has signed in. */
export async function staffVisitor(world: World, role: Role = 'owner', email = `${role}@example.test`): Promise<Visitor> {
  await makeStaff(world, role, email);
  return (await visit(world.slug)).signIn(email, password, '/staff/login');
}

export async function ownedWorld(pack: string, settings: Partial<SettingsDocument> = {}): Promise<{ world: World; owner: Visitor }> {
  const world = await makeWorld(pack, settings);
  return { world, owner: await staffVisitor(world) };
}

/** A client of this portal who has signed in. */
export async function client(world: World, login = 'maria@example.test'): Promise<Visitor> {
  await makeContact(world, await makeAccount(world), { login_ref: await makeLogin(world, login) });
  return (await visit(world.slug)).signIn(login, password);
}

/** Opens a section, changes some of its fields and sends the whole form, as a browser does. */
export async function edit(owner: Visitor, section: string, changed: Readonly<Record<string, unknown>>, wish: 'publish' | 'save' = 'save') {
  const fields = formFields((await owner.get(`/staff/settings/${section}`)).text);
  return owner.post(`/staff/settings/${section}`, { ...fields, ...changed, ...(wish === 'publish' && { publish: 'yes' }) });
}

/** Reads what the saved changes touch, and publishes all the same. */
export async function publishAnyway(owner: Visitor) {
  const { text } = await owner.get('/staff/settings');
  return owner.post('/staff/settings/publication', { seen: seenIn(text), confirmed: confirmedIn(text) });
}

export const confirmedIn = (html: string) => /name="confirmed" value="([^"]*)"/.exec(html)?.[1] ?? '';

/** What a browser would send of the settings form: one value per name, or several. */
export function formFields(html: string, id = 'settings-form'): Fields {
  const form = new RegExp(`<form[^>]*id="${id}"[^]*?</form>`).exec(html)?.[0] ?? '';
  const sent: [string, string][] = [];
  for (const [control, tag, inside] of form.matchAll(/<(input|select|textarea)\b[^>]*>(?:([\s\S]*?)<\/\1>)?/g)) {
    const opening = control.slice(0, control.indexOf('>'));
    const name = attribute(opening, 'name');
    if (!name || (/type="(checkbox|radio)"/.test(opening) && !/ checked/.test(opening))) continue;
    if (tag === 'select') sent.push([name, attribute(/<option[^>]* selected[^>]*>/.exec(control)?.[0] ?? /<option[^>]*>/.exec(control)?.[0] ?? '', 'value')]);
    else sent.push([name, tag === 'textarea' ? plain((inside ?? '').replace(/^\n/, '')).replaceAll('\n', '\r\n') : attribute(opening, 'value')]);
  }
  return Object.fromEntries([...Map.groupBy(sent, ([name]) => name)].map(([name, all]) => [name, all.length > 1 ? all.map(([, value]) => value) : (all[0]?.[1] ?? '')]));
}

/** What the page says it has shown. */
export function seenIn(html: string): string {
  return plain(/name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '');
}

function attribute(tag: string, name: string): string {
  return plain(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

function plain(html: string): string {
  return html.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
