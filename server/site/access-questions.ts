import type { SettingsDocument } from '../settings/schema.ts';
import { PortalQuestions } from './portal-questions.ts';

/** Who gets in, how, and what people see and change of themselves. */
export class AccessQuestions extends PortalQuestions {
  get identifier(): 'email' | 'username' | 'either' {
    return this.document['login.identifier'];
  }
  /** Whether people may get in for the first time by this way. */
  enters(mode: SettingsDocument['access.entry_modes'][number]): boolean {
    return this.document['access.entry_modes'].includes(mode);
  }
  get isInvitedOnly(): boolean {
    return this.document['access.default'] === 'invited_only';
  }
  get confirmsInvitations(): boolean {
    return this.document['access.invitation_confirm_mail'];
  }
  get hoursOf(): { readonly reset: number; readonly signUp: number; readonly invitation: number; readonly temporaryPassword: number } {
    const settings = this.document;
    return { reset: settings['login.reset_ttl_hours'], signUp: settings['access.signup_ttl_hours'], invitation: settings['access.invitation_ttl_hours'], temporaryPassword: settings['access.temp_password_ttl_hours'] };
  }
  get staffResetsBy(): 'temp_password' | 'link' {
    return this.document['access.staff_reset_mode'];
  }
  get mustReplaceTemporary(): boolean {
    return this.document['access.temp_password_force_change'];
  }
  get resetLabel(): 'forgot_password' | 'reset_password' {
    return this.document['login.reset_label'];
  }
  get resetFlow(): 'link_then_password' | 'password_then_confirm' {
    return this.document['login.reset_flow'];
  }
  get maxAttempts(): number {
    return this.document['login.max_attempts'];
  }
  /** After how many minutes a lock ends by itself; null: only a new password ends it. */
  get lockMinutes(): number | null {
    return this.document['login.lock_until'] === 'minutes' ? this.document['login.lock_minutes'] : null;
  }
  get idleMinutes(): number {
    return this.document['login.session_idle_minutes'];
  }
  /** After so many hours a sign-in ends, however busy it was. */
  get absoluteHours(): number {
    return this.document['login.session_absolute_hours'];
  }
  get securityQuestions(): 'off' | 'optional' | 'required' {
    return this.document['login.security_questions'];
  }
  /** C-7: what people see of themselves, and what they may change by themselves, or when staff have agreed. */
  profile<Group extends 'name' | 'email' | 'phones' | 'address' | 'username' | 'security_questions' | 'billing_contact'>(group: Group): SettingsDocument[`profile.fields.${Group}`] {
    return this.document[`profile.fields.${group}`];
  }
  get hasTexts(): boolean {
    return this.document['sms.enabled'];
  }
  /** What somebody agrees to who wants text messages. */
  get textConsent(): string {
    return this.document['sms.consent_text'];
  }
  get twoFactor(): 'off' | 'optional' | 'required' {
    return this.document['login.two_factor'];
  }
  get staffTwoFactor(): 'automatic' | 'optional' | 'owners' | 'everybody' {
    return this.document['login.staff_two_factor'];
  }
}
