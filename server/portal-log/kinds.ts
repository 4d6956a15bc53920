/** What a line of the portal log is about, as the report can be searched by it. A new kind needs its words in views/staff-log: kind-<kind>. */
export const kinds = [
  'sign-in', 'sign-in-refused', 'second-step-refused', 'recovery-code',
  'link-requested', 'link-sent-by-staff', 'password-set', 'password-changed', 'password-reset-by-staff', 'invitation-sent', 'invitation-accepted',
  'username-changed', 'security-questions-changed', 'security-question-asked', 'passkey-added', 'passkey-removed', 'two-step-on', 'two-step-off', 'recovery-codes-renewed', 'second-steps-removed',
  'payment', 'billing', 'invoice', 'credit', 'account',
  'profile-changed', 'email-change-asked', 'email-changed', 'billing-contact-changed', 'change-undone', 'profile-change-asked', 'profile-change-approved', 'profile-change-refused', 'change-disputed', 'text-consent', 'text-consent-ended', 'access-changed', 'contact-removed',
  'contact-request', 'contact-answer', 'ticket', 'mail-resent', 'preview-started', 'test-contact-added', 'test-password', 'support-viewed', 'support-viewed-untold', 'login-unlocked',
  'staff-sign-in', 'staff-sign-in-refused', 'staff-password-set', 'staff-invited', 'staff-changed', 'staff-link-sent', 'staff-ended', 'role-permissions-changed', 'settings-published',
] as const;

export type PortalLogKind = (typeof kinds)[number];

/** Why somebody did not get in, where the words of the line must be the same for all: S1-106. */
export type RefusalReason = 'unknown' | 'locked' | 'no-password' | 'wrong-password' | 'no-access' | 'temporary-over';
