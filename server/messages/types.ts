/** S1-96: what kind of mail it is, as the email history can be searched by it. A new type needs its words in views/staff-messages: type-<type>. */
export const mailTypes = [
  'Portal Password', 'Portal Enroll', 'Portal Invitation', 'Portal Sign Up', 'Sign-in Security', 'New Email Address',
  'Account', 'Invoice', 'Receipt', 'Payment Returned', 'Refund', 'Autopay', 'Card expiry', 'Card Payment Request', 'Usage Export',
  'Contact Us', 'Ticket', 'Staff Invitation', 'Staff Password', 'Digest',
] as const;

export type MailType = (typeof mailTypes)[number];

/** How a mail with a secret is sent again: by the same way as at first, with a new secret. */
export type Renewal = 'reset' | 'temporary' | 'invitation' | 'sign_up';
