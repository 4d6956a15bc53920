import { exponentOf } from '../money/money.ts';
import { formatsFor, type Formats } from '../platform/formats.ts';
import { languageOf, translator, type Language, type Translate } from '../platform/text.ts';
import type { SettingsDocument, TabSetting } from './schema.ts';

/** What an organization has decided, asked by name. Handlers and views never see raw setting keys. */
export class Site {
  readonly #settings: SettingsDocument;
  readonly version: number;

  constructor(document: SettingsDocument, version: number) {
    this.#settings = document;
    this.version = version;
  }

  get document(): SettingsDocument {
    return this.#settings;
  }
  get displayName(): string {
    return this.#settings['portal.display_name'];
  }
  get typeLabel(): string {
    return this.#settings['portal.type_label'];
  }
  get brandColor(): string {
    return this.#settings['portal.brand_color'];
  }
  get businessInfo(): string {
    return this.#settings['portal.business_info'];
  }
  get websiteUrl(): string {
    return this.#settings['portal.website_url'];
  }
  get zone(): string {
    return this.#settings['tenant.timezone'];
  }
  get locale(): string {
    return this.#settings['tenant.locale'];
  }
  get currency(): string {
    return this.#settings['tenant.currency'];
  }
  get layout(): 'tabs' | 'side' | 'both' {
    return this.#settings['nav.layout'];
  }
  get tabs(): readonly TabSetting[] {
    return this.#settings.tabs;
  }
  /** What the organization calls the tab; undefined where it keeps our word for it. */
  tabLabel(key: string): string | undefined {
    return this.#settings.tabs.find((tab) => tab.key === key)?.label;
  }
  hasTab(key: string): boolean {
    return this.#settings.tabs.some((tab) => tab.key === key && tab.enabled !== 'off');
  }
  get contact(): { readonly email: string; readonly phone: string } {
    return { email: this.#settings['contact.email'], phone: this.#settings['contact.phone'] };
  }
  /** S4-6: the organization's pages at social networks, those it has named. */
  get socialLinks(): { readonly icon: string; readonly name: string; readonly url: string }[] {
    const { 'social.facebook': facebook, 'social.twitter': twitter, 'social.linkedin': linkedin } = this.#settings;
    return [
      { icon: 'facebook', name: 'Facebook', url: facebook && `https://www.facebook.com/${facebook}` },
      { icon: 'twitter-x', name: 'X (Twitter)', url: twitter && `https://x.com/${twitter}` },
      { icon: 'linkedin', name: 'LinkedIn', url: linkedin && `https://www.linkedin.com/${linkedin.includes('/') ? linkedin : `company/${linkedin}`}` },
    ].filter(({ url }) => url);
  }
  get billingEmail(): string {
    return this.#settings['billing.billing_email'] || this.#settings['contact.email'];
  }
  get givesStatements(): boolean {
    return this.#settings['billing.statement'];
  }
  get identifier(): 'email' | 'username' | 'either' {
    return this.#settings['login.identifier'];
  }
  /** What the portal is called in mails: 'Juniper Hollow Parent Portal'. */
  get portalName(): string {
    return this.displayName.toLowerCase().includes(this.typeLabel.toLowerCase()) ? this.displayName : `${this.displayName} ${this.typeLabel}`;
  }
  /** Whether people may get in for the first time by this way. */
  enters(mode: SettingsDocument['access.entry_modes'][number]): boolean {
    return this.#settings['access.entry_modes'].includes(mode);
  }
  get isInvitedOnly(): boolean {
    return this.#settings['access.default'] === 'invited_only';
  }
  get confirmsInvitations(): boolean {
    return this.#settings['access.invitation_confirm_mail'];
  }
  get hoursOf(): { readonly reset: number; readonly signUp: number; readonly invitation: number; readonly temporaryPassword: number } {
    const settings = this.#settings;
    return { reset: settings['login.reset_ttl_hours'], signUp: settings['access.signup_ttl_hours'], invitation: settings['access.invitation_ttl_hours'], temporaryPassword: settings['access.temp_password_ttl_hours'] };
  }
  get staffResetsBy(): 'temp_password' | 'link' {
    return this.#settings['access.staff_reset_mode'];
  }
  get mustReplaceTemporary(): boolean {
    return this.#settings['access.temp_password_force_change'];
  }
  get resetLabel(): 'forgot_password' | 'reset_password' {
    return this.#settings['login.reset_label'];
  }
  get resetFlow(): 'link_then_password' | 'password_then_confirm' {
    return this.#settings['login.reset_flow'];
  }
  get maxAttempts(): number {
    return this.#settings['login.max_attempts'];
  }
  /** After how many minutes a lock ends by itself; null: only a new password ends it. */
  get lockMinutes(): number | null {
    return this.#settings['login.lock_until'] === 'minutes' ? this.#settings['login.lock_minutes'] : null;
  }
  get idleMinutes(): number {
    return this.#settings['login.session_idle_minutes'];
  }
  /** After so many hours a sign-in ends, however busy it was. */
  get absoluteHours(): number {
    return this.#settings['login.session_absolute_hours'];
  }
  get securityQuestions(): 'off' | 'optional' | 'required' {
    return this.#settings['login.security_questions'];
  }
  /** C-7: what people see of themselves, and what they may change by themselves. */
  profile(group: 'name' | 'email' | 'phones' | 'address' | 'username' | 'security_questions' | 'billing_contact'): 'hidden' | 'view' | 'edit' {
    return this.#settings[`profile.fields.${group}`];
  }
  get hasTexts(): boolean {
    return this.#settings['sms.enabled'];
  }
  /** What somebody agrees to who wants text messages. */
  get textConsent(): string {
    return this.#settings['sms.consent_text'];
  }
  get twoFactor(): 'off' | 'optional' | 'required' {
    return this.#settings['login.two_factor'];
  }
  get staffTwoFactor(): 'automatic' | 'optional' | 'owners' | 'everybody' {
    return this.#settings['login.staff_two_factor'];
  }
  get preselect(): 'all_outstanding' | 'overdue' | 'none' {
    return this.#settings['billing.preselect'];
  }
  get payOrder(): 'invoices_first' | 'method_first' {
    return this.#settings['billing.pay_order'];
  }
  /** Stripe without an account to charge in is none. */
  get gateway(): 'none' | 'sandbox' | 'stripe' {
    const gateway = this.#settings['payments.gateway'];
    return gateway === 'stripe' && !this.stripeAccount ? 'none' : gateway;
  }
  /** 'acct_…', or '' */
  get stripeAccount(): string {
    return this.#settings['payments.stripe_account'];
  }
  get takesPrepayments(): boolean {
    return this.#settings['billing.prepayments'] && this.gateway !== 'none';
  }
  /** S0-32: whether a bank account may pay while something is past due. */
  get takesBankForOverdue(): boolean {
    return this.#settings['payments.bank_for_overdue'];
  }
  /** C-10: who pays by bank draft asks staff to charge a card while something is past due. */
  get draftClientsAskStaff(): boolean {
    return this.#settings['payments.draft_clients_overdue'] === 'request_staff';
  }
  get takesPart(): boolean {
    return this.#settings['payments.partial'];
  }
  get leastPartCents(): number {
    return this.#settings['payments.partial_min'] * 10 ** exponentOf(this.currency);
  }
  /** Above it a payer is asked to look twice; 0: never. */
  get warnAboveCents(): number {
    return this.#settings['payments.max_amount_warn'] * 10 ** exponentOf(this.currency);
  }
  get methodKinds(): readonly ('card' | 'bank')[] {
    return this.#settings['payments.method_types'];
  }
  get hasAutopay(): boolean {
    return this.#settings['autopay.enabled'] && this.gateway !== 'none';
  }
  /** C-15: whether autopay is switched there. Its state is shown in both places. */
  switchesAutopayAt(place: 'billing' | 'account'): boolean {
    return ['both', place].includes(this.#settings['autopay.place']);
  }
  /** From this hour of the day on, where the organization is, autopay charges what is due. */
  get autopayHour(): number {
    return this.#settings['autopay.run_hour'];
  }
  /** So many days after the first try a declined invoice is tried again: [1, 3, 7]. */
  get autopayRetryDays(): number[] {
    return [...new Set((this.#settings['autopay.retry_days'].match(/\d+/g) ?? []).map(Number))].filter((days) => days > 0).toSorted((a, b) => a - b);
  }
  /** A charge can be skipped until so many days before its day. */
  get skipCutoffDays(): number {
    return this.#settings['autopay.skip_cutoff_days'];
  }
  /** After so many days past due an account is suspended; null: never. */
  get suspendsAfterDays(): number | null {
    return this.#settings['suspension.enabled'] ? this.#settings['suspension.after_days'] : null;
  }
  get reactivatesByItself(): boolean {
    return this.#settings['suspension.auto_reactivate'];
  }
  /** S3-20: the columns of usages that people see until they choose their own. */
  get usageColumns(): SettingsDocument['usage.columns_default'] {
    return this.#settings['usage.columns_default'];
  }
  /** S3-22: which further ones they may add. */
  get extraUsageColumns(): SettingsDocument['usage.columns_extra'] {
    return this.#settings['usage.columns_extra'];
  }
  /** S3-24: an export holds so many records at the most, the newest ones. */
  get mostExportedUsages(): number {
    return this.#settings['usage.export_max'];
  }
  get usageExportHours(): number {
    return this.#settings['usage.export_link_ttl_hours'];
  }
  mayPay(scope: 'balance' | 'overdue' | 'selected'): boolean {
    return this.#settings['billing.pay_scopes'].includes(scope);
  }
  headerShows(item: SettingsDocument['billing.header_items'][number]): boolean {
    return this.#settings['billing.header_items'].includes(item);
  }

  language(chosen?: string | null): Language {
    return languageOf(chosen ?? this.locale);
  }
  /** The reader's words, with the organization's own names for people and things. */
  translate(language: Language): Translate {
    return translator(language, { accountOne: this.#settings['words.account_one'], accountMany: this.#settings['words.account_many'] });
  }
  formats(chosen?: string | null): Formats {
    return formatsFor(chosen ?? this.locale, this.currency, this.zone);
  }
  /** The calendar day it is now where the organization is: '2026-11-21'. */
  today(): string {
    return this.formats().today();
  }
}
