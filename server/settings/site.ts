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
  get billingEmail(): string {
    return this.#settings['billing.billing_email'] || this.#settings['contact.email'];
  }
  get identifier(): 'email' | 'username' | 'either' {
    return this.#settings['login.identifier'];
  }
  get idleMinutes(): number {
    return this.#settings['login.session_idle_minutes'];
  }
  get preselect(): 'all_outstanding' | 'overdue' | 'none' {
    return this.#settings['billing.preselect'];
  }
  get payOrder(): 'invoices_first' | 'method_first' {
    return this.#settings['billing.pay_order'];
  }
  get gateway(): 'none' | 'sandbox' {
    return this.#settings['payments.gateway'];
  }
  get methodKinds(): readonly ('card' | 'bank')[] {
    return this.#settings['payments.method_types'];
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
