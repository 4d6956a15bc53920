import { z } from 'zod';

/** How the settings page lets an owner edit a value. */
export type Control = 'text' | 'lines' | 'colour' | 'choice' | 'set' | 'number' | 'tabs' | 'email' | 'url';

interface Setting<Type extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly initial: z.infer<Type>;
  readonly control: Control;
  readonly choices?: readonly string[];
}

function text(max: number, initial: string, control: Control = 'text', min = 0) {
  return { type: z.string().trim().min(min).max(max), initial, control };
}
function choice<const Options extends readonly [string, ...string[]]>(options: Options, initial: Options[number]) {
  return { type: z.enum(options), initial, control: 'choice' as const, choices: options };
}
function set<const Options extends readonly [string, ...string[]]>(options: Options, initial: readonly Options[number][], control: Control = 'set') {
  return { type: z.array(z.enum(options)), initial: [...initial], control, choices: options };
}
function whole(min: number, max: number, initial: number) {
  return { type: z.number().int().min(min).max(max), initial, control: 'number' as const };
}

const currencies = Intl.supportedValuesOf('currency');
const zones = new Set(Intl.supportedValuesOf('timeZone'));

const tab = z.strictObject({
  key: z.string().regex(/^[a-z-]{2,20}$/),
  enabled: z.enum(['on', 'off', 'auto']),
  label: z.string().trim().min(1).max(30).optional(),
});
export type TabSetting = z.infer<typeof tab>;

/** Every setting of a portal: type, initial value, how it is edited. What it does stands in views/settings/en.json under its name. */
export const schema = {
  'portal.display_name': text(60, 'Customer Portal', 'text', 1),
  'portal.type_label': text(40, 'Customer Portal', 'text', 1),
  'portal.brand_color': { type: z.string().regex(/^#[0-9a-f]{6}$/i), initial: '#0f766e', control: 'colour' },
  'portal.business_info': text(500, '', 'lines'),
  'portal.website_url': { type: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]), initial: '', control: 'url' },
  'tenant.timezone': { type: z.string().refine((zone) => zones.has(zone)), initial: 'America/New_York', control: 'text' },
  'tenant.locale': choice(['en-US', 'en-GB', 'en-CA', 'es-US', 'es-ES', 'es-MX'], 'en-US'),
  'tenant.currency': { type: z.string().refine((code) => currencies.includes(code)), initial: 'USD', control: 'text' },
  'nav.layout': choice(['tabs', 'side', 'both'], 'tabs'),
  tabs: { type: z.array(tab), initial: [] as TabSetting[], control: 'tabs' },
  'words.account_one': text(30, 'account', 'text', 1),
  'words.account_many': text(30, 'accounts', 'text', 1),
  'login.identifier': choice(['email', 'username', 'either'], 'email'),
  'login.session_idle_minutes': whole(5, 720, 30),
  'billing.preselect': choice(['all_outstanding', 'overdue', 'none'], 'all_outstanding'),
  'billing.pay_scopes': set(['balance', 'overdue', 'selected'], ['balance', 'overdue', 'selected']),
  'billing.pay_order': choice(['invoices_first', 'method_first'], 'invoices_first'),
  'billing.header_items': set(
    ['account_balance', 'last_paid', 'view_last_invoice', 'make_payment'],
    ['account_balance', 'last_paid', 'view_last_invoice', 'make_payment'],
  ),
  'billing.billing_email': { type: z.union([z.literal(''), z.email()]), initial: '', control: 'email' },
  'payments.gateway': choice(['none', 'sandbox'], 'none'),
  'payments.method_types': set(['card', 'bank'], ['card']),
  'contact.email': { type: z.union([z.literal(''), z.email()]), initial: '', control: 'email' },
  'contact.phone': text(40, ''),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof schema;
export type SettingsDocument = { [Name in SettingName]: z.infer<(typeof schema)[Name]['type']> };

export const settingNames = Object.keys(schema) as SettingName[];
export const initialSettings = Object.fromEntries(settingNames.map((name) => [name, schema[name].initial])) as SettingsDocument;

const strict = z.strictObject(Object.fromEntries(settingNames.map((name) => [name, schema[name].type.optional()])));

/** For packs and forms: unknown names and wrong values are errors, one sentence each, keyed by the setting. */
export function checkSettings(given: unknown): { values: Partial<SettingsDocument>; errors: Record<string, string> } {
  const result = strict.safeParse(given);
  if (result.success) return { values: result.data, errors: {} };
  const errors: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? '')];
    for (const name of names) errors[name] ??= issue.code === 'unrecognized_keys' ? `${name} is not a setting` : issue.message;
  }
  return { values: {}, errors };
}

/** For stored documents: what is missing or no longer valid falls back to the initial value. */
export function readSettings(stored: Readonly<Record<string, unknown>>): SettingsDocument {
  const values = settingNames.map((name) => {
    const result = schema[name].type.safeParse(stored[name]);
    return [name, result.success ? result.data : schema[name].initial];
  });
  return Object.fromEntries(values) as SettingsDocument;
}
