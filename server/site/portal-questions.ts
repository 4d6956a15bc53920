import { keptForMany } from '../platform/kept.ts';
import { formatsFor, type Formats } from '../platform/formats.ts';
import { languageOf, translator, type Language, type Translate } from '../platform/text.ts';
import { schema, type SettingsDocument, type TabSetting } from '../settings/schema.ts';
import { vocabularyOf } from './vocabulary.ts';

/** What the portal is called, looks like and speaks. */
export class PortalQuestions {
  readonly document: SettingsDocument;
  readonly version: number;

  constructor(document: SettingsDocument, version: number) {
    this.document = document;
    this.version = version;
  }

  get displayName(): string {
    return this.document['portal.display_name'];
  }
  get typeLabel(): string {
    return this.document['portal.type_label'];
  }
  /** What the portal is called in mails: 'Juniper Hollow Parent Portal'. */
  get portalName(): string {
    return this.displayName.toLowerCase().includes(this.typeLabel.toLowerCase()) ? this.displayName : `${this.displayName} ${this.typeLabel}`;
  }
  get brandColor(): string {
    return this.document['portal.brand_color'];
  }
  /** Undefined where the organization has uploaded none. Pixels are twice what is shown. */
  picture(kind: 'logo' | 'banner'): { readonly url: string; readonly width: number; readonly height: number } | undefined {
    const name = this.document[`portal.${kind}`];
    const [width = 0, height = 0] = name.split('-')[1]?.split('x').map(Number) ?? [];
    return name ? { url: `/brand/${name}.webp`, width, height } : undefined;
  }
  get businessInfo(): string {
    return this.document['portal.business_info'];
  }
  get websiteUrl(): string {
    return this.document['portal.website_url'];
  }
  /** 'example.com', for people to read. */
  get websiteHost(): string {
    return hostOf(this.websiteUrl);
  }
  get zone(): string {
    return this.document['tenant.timezone'];
  }
  get locale(): string {
    return this.document['tenant.locale'];
  }
  get currency(): string {
    return this.document['tenant.currency'];
  }
  get layout(): 'tabs' | 'side' | 'both' {
    return this.document['nav.layout'];
  }
  get tabs(): readonly TabSetting[] {
    return this.document.tabs;
  }
  /** What the organization calls the tab; undefined where it keeps our word for it. */
  tabLabel(key: string): string | undefined {
    return this.document.tabs.find((tab) => tab.key === key)?.label;
  }
  hasTab(key: string): boolean {
    return this.document.tabs.some((tab) => tab.key === key && tab.enabled !== 'off');
  }
  /** The panels of the home page that are shown, of those there are, in the organization's order; what it has not listed comes last. */
  homePanels<Panel extends { readonly key: string }>(panels: readonly Panel[]): Panel[] {
    const listed = this.document['home.panels'];
    const place = (key: string) => (listed.findIndex((panel) => panel.key === key) + 1 || 99);
    const isHidden = ({ key }: Panel) => listed.some((panel) => panel.key === key && panel.enabled === 'off');
    return panels.filter((panel) => !isHidden(panel)).toSorted((one, other) => place(one.key) - place(other.key));
  }
  /** S4-6: the organization's pages at social networks, those it has named. */
  get socialLinks(): { readonly icon: string; readonly name: string; readonly url: string }[] {
    const { 'social.facebook': facebook, 'social.twitter': twitter, 'social.linkedin': linkedin } = this.document;
    return [
      { icon: 'facebook', name: 'Facebook', url: facebook && `https://www.facebook.com/${facebook}` },
      { icon: 'twitter-x', name: 'X (Twitter)', url: twitter && `https://x.com/${twitter}` },
      { icon: 'linkedin', name: 'LinkedIn', url: linkedin && `https://www.linkedin.com/${linkedin.includes('/') ? linkedin : `company/${linkedin}`}` },
    ].filter(({ url }) => url);
  }
  /** S1-93: after so many days the text of a mail is deleted. That it was sent stays known. */
  get mailDays(): number {
    return this.document['retention.email_days'];
  }
  get contact(): { readonly email: string; readonly phone: string } {
    return { email: this.document['contact.email'], phone: this.document['contact.phone'] };
  }
  /** S1-28: a film that shows the portal; '' for none. */
  get videoUrl(): string {
    return this.document['portal.video_url'];
  }
  get hasContactForm(): boolean {
    return this.document['contact.form'];
  }
  /** S2-12: whether the sign-in page leads to the contact form, too. */
  get hasContactLinkAtDoor(): boolean {
    return this.hasContactForm && this.document['contact.link_on_login'];
  }
  /** How a reader's language is written where the organization is: Spanish beside en-US is es-US. */
  localeFor(chosen?: string | null): string {
    const language = languageOf(chosen ?? this.locale);
    if (language === languageOf(this.locale)) return this.locale;
    const choices = schema['tenant.locale'].choices.filter((locale) => locale.startsWith(language));
    return choices.find((locale) => locale.endsWith(this.locale.slice(2))) ?? choices[0] ?? this.locale;
  }
  language(chosen?: string | null): Language {
    return languageOf(chosen ?? this.locale);
  }
  /** The reader's words, with the organization's own names for people and things. */
  translate(language: Language): Translate {
    return translator(language, vocabularyOf([this.document['words.account_one'], this.document['words.account_many']], this.language(), language));
  }
  formats(chosen?: string | null): Formats {
    return formatsFor(this.localeFor(chosen), this.currency, this.zone);
  }
  /** The calendar day it is now where the organization is: '2026-11-21'. */
  today(): string {
    return this.formats().today();
  }
}

const hostOf = keptForMany((url: string) => URL.parse(url)?.hostname ?? '');
