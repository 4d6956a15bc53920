import { z } from 'zod';
import { choice, email, flag, handle, lineList, oneOf, picture, set, stripeAccount, text, webAddress, whole, type Setting } from './kinds.ts';

const tab = z.strictObject({
  key: z.string().regex(/^[a-z-]{2,20}$/),
  enabled: z.enum(['on', 'off', 'auto']),
  label: z.string().trim().min(1).max(30).optional(),
});
export type TabSetting = z.infer<typeof tab>;
/** A panel of the home page; those that are not listed stand at the end. */
export type PanelSetting = Omit<TabSetting, 'label'>;

/** Every setting of a portal: type, initial value, how it is edited. What it does stands in views/settings/en.json under its name. */
export const schema = {
  'portal.display_name': text(60, 'Customer Portal', 'text', 1),
  'portal.type_label': text(40, 'Customer Portal', 'text', 1),
  'portal.brand_color': { type: z.string().regex(/^#[0-9a-f]{6}$/i), initial: '#0f766e', control: 'colour' },
  'portal.logo': picture(),
  'portal.banner': picture(),
  'portal.business_info': text(500, '', 'lines'),
  'portal.website_url': webAddress(),
  'portal.video_url': webAddress(),
  'tenant.timezone': oneOf(['UTC', ...Intl.supportedValuesOf('timeZone')], 'America/New_York', 'zone'),
  'tenant.locale': choice(['en-US', 'en-GB', 'en-CA', 'es-US', 'es-ES', 'es-MX'], 'en-US'),
  'tenant.currency': oneOf(Intl.supportedValuesOf('currency'), 'USD', 'currency'),
  'nav.layout': choice(['tabs', 'side', 'both'], 'tabs'),
  tabs: { type: z.array(tab), initial: [] as TabSetting[], control: 'tabs' },
  'home.panels': { type: z.array(tab.omit({ label: true })), initial: [] as PanelSetting[], control: 'tabs' },
  'words.account_one': text(30, 'account', 'text', 1),
  'words.account_many': text(30, 'accounts', 'text', 1),
  'access.default': choice(['allow_contacts', 'invited_only'], 'allow_contacts'),
  'access.entry_modes': set(['registration', 'self_signup', 'invitation', 'first_reset', 'staff_password'], ['self_signup', 'invitation', 'first_reset', 'staff_password'], 1),
  'access.invitation_confirm_mail': flag(true),
  'access.invitation_ttl_hours': whole(1, 168, 72),
  'access.signup_ttl_hours': whole(1, 72, 24),
  'access.staff_reset_mode': choice(['temp_password', 'link'], 'temp_password'),
  'access.temp_password_ttl_hours': whole(1, 168, 72),
  'access.temp_password_force_change': flag(true),
  'login.identifier': choice(['email', 'username', 'either'], 'email'),
  'login.reset_label': choice(['forgot_password', 'reset_password'], 'forgot_password'),
  'login.reset_flow': choice(['link_then_password', 'password_then_confirm'], 'link_then_password'),
  'login.reset_ttl_hours': whole(1, 72, 24),
  'login.max_attempts': whole(3, 10, 5),
  'login.lock_until': choice(['reset', 'minutes'], 'reset'),
  'login.lock_minutes': whole(5, 1440, 30),
  'login.session_idle_minutes': whole(5, 720, 30),
  'login.session_absolute_hours': whole(1, 720, 12),
  'login.two_factor': choice(['off', 'optional', 'required'], 'optional'),
  'login.staff_two_factor': choice(['automatic', 'optional', 'owners', 'everybody'], 'automatic'),
  'login.security_questions': choice(['off', 'optional', 'required'], 'off'),
  'profile.fields.name': choice(['hidden', 'view', 'edit', 'approve'], 'edit'),
  'profile.fields.email': choice(['hidden', 'view', 'edit'], 'edit'),
  'profile.fields.phones': choice(['hidden', 'view', 'edit', 'approve'], 'edit'),
  'profile.fields.address': choice(['hidden', 'view', 'edit', 'approve'], 'edit'),
  'profile.fields.username': choice(['hidden', 'view', 'edit'], 'edit'),
  'profile.fields.security_questions': choice(['hidden', 'view', 'edit'], 'edit'),
  'profile.fields.billing_contact': choice(['hidden', 'view', 'edit'], 'edit'),
  'sms.enabled': flag(false),
  'sms.consent_text': text(300, 'Text me reminders about my services. These are not marketing messages.', 'lines', 1),
  'billing.preselect': choice(['all_outstanding', 'overdue', 'none'], 'all_outstanding'),
  'billing.pay_scopes': set(['balance', 'overdue', 'selected'], ['balance', 'overdue', 'selected'], 1),
  'billing.pay_order': choice(['invoices_first', 'method_first'], 'invoices_first'),
  'billing.header_items': set(
    ['account_balance', 'last_paid', 'view_last_invoice', 'make_payment'],
    ['account_balance', 'last_paid', 'view_last_invoice', 'make_payment'],
  ),
  'billing.statement': flag(true),
  'billing.prepayments': flag(false),
  'billing.billing_email': email(),
  'payments.gateway': choice(['none', 'sandbox', 'stripe'], 'none'),
  'payments.stripe_account': stripeAccount(),
  'payments.method_types': set(['card', 'bank'], ['card'], 1),
  'payments.bank_for_overdue': flag(true),
  'payments.bank_drafts': flag(false),
  'payments.draft_clients_overdue': choice(['self', 'request_staff'], 'self'),
  'payments.partial': flag(false),
  'payments.partial_min': whole(0, 1_000_000, 0),
  'payments.max_amount_warn': whole(0, 100_000_000, 0),
  'autopay.enabled': flag(true),
  'autopay.place': choice(['billing', 'account', 'both'], 'both'),
  'autopay.apply_to_scheduled_jobs': flag(false),
  'autopay.run_hour': whole(0, 23, 6),
  'autopay.retry_days': { type: z.string().trim().regex(/^(\d{1,2}( *, *\d{1,2}){0,5})?$/), initial: '1, 3, 7', control: 'text', max: 30 },
  'autopay.skip_cutoff_days': whole(0, 14, 2),
  'suspension.enabled': flag(false),
  'suspension.after_days': whole(1, 365, 10),
  'suspension.auto_reactivate': flag(true),
  'billing.unsent_reminder_days': whole(1, 90, 7),
  'usage.columns_default': set(
    ['number', 'description', 'used_on', 'quantity', 'unit', 'invoiced'],
    ['number', 'description', 'used_on', 'quantity', 'unit', 'invoiced'],
    1,
  ),
  'usage.columns_extra': set(
    ['invoice', 'product', 'unit_price', 'amount', 'reference', 'recorded_on'],
    ['invoice', 'product', 'unit_price', 'amount', 'reference', 'recorded_on'],
  ),
  'usage.export_max': whole(1, 1000, 1000),
  'usage.export_link_ttl_hours': whole(1, 168, 24),
  'services.show': set(['scheduled', 'history', 'waiting'], ['scheduled', 'history', 'waiting'], 1),
  'services.reschedule': flag(true),
  'services.reschedule_hours': whole(0, 336, 24),
  'services.reschedule_max': whole(1, 10, 2),
  'contact.email': email(),
  'contact.phone': text(40, ''),
  'contact.form': flag(true),
  'contact.link_on_login': flag(true),
  'social.facebook': handle(),
  'social.twitter': handle(),
  'social.linkedin': handle(),
  'tickets.submit': flag(false),
  'tickets.view_open': flag(false),
  'tickets.view_closed': flag(false),
  'tickets.categories': lineList(20, 40, 'General\nBilling\nService', /\S/, 1),
  'tickets.default_resource': email(),
  'tickets.resource_by_category': lineList(20, 250, '', /^[^=]*[^=\s][^=]*= *[^@\s]+@[^@\s]+\.[^@\s]+ *$/),
  'tickets.max_chars': whole(100, 4000, 499),
  'tickets.attachments.types': set(['images', 'pdf'], ['images', 'pdf']),
  'tickets.attachments.max_files': whole(1, 10, 5),
  'tickets.attachments.max_mb': whole(1, 25, 10),
  'tickets.reopen_days': whole(0, 90, 14),
  'retention.email_days': whole(30, 3650, 180),
  'support.test_contact_ttl_hours': whole(1, 72, 24),
  'support.view_as': choice(['off', 'read_only'], 'read_only'),
  'support.view_as_minutes': whole(5, 120, 30),
  'support.notify_customer': flag(true),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof schema;
/** The same settings by their common shape, for what treats all of them alike. */
export const settings: Readonly<Record<SettingName, Setting>> = schema;
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
