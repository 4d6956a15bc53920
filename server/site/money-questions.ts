import { exponentOf } from '../money/money.ts';
import type { SettingsDocument } from '../settings/schema.ts';
import { AccessQuestions } from './access-questions.ts';

/** What is billed, and how it is paid. */
export class MoneyQuestions extends AccessQuestions {
  get billingEmail(): string {
    return this.document['billing.billing_email'] || this.document['contact.email'];
  }
  get givesStatements(): boolean {
    return this.document['billing.statement'];
  }
  get preselect(): 'all_outstanding' | 'overdue' | 'none' {
    return this.document['billing.preselect'];
  }
  get payOrder(): 'invoices_first' | 'method_first' {
    return this.document['billing.pay_order'];
  }
  /** Stripe without an account to charge in is none. */
  get gateway(): 'none' | 'sandbox' | 'stripe' {
    const gateway = this.document['payments.gateway'];
    return gateway === 'stripe' && !this.stripeAccount ? 'none' : gateway;
  }
  /** 'acct_…', or '' */
  get stripeAccount(): string {
    return this.document['payments.stripe_account'];
  }
  get takesPrepayments(): boolean {
    return this.document['billing.prepayments'] && this.gateway !== 'none';
  }
  /** S0-32: whether a bank account may pay while something is past due. */
  get takesBankForOverdue(): boolean {
    return this.document['payments.bank_for_overdue'];
  }
  /** The organization draws bank drafts by itself, and keeps the bank accounts for it. */
  get keepsBankDrafts(): boolean {
    return this.document['payments.bank_drafts'];
  }
  /** C-10: who pays by bank draft asks staff to charge a card while something is past due. */
  get draftClientsAskStaff(): boolean {
    return this.document['payments.draft_clients_overdue'] === 'request_staff';
  }
  get takesPart(): boolean {
    return this.document['payments.partial'];
  }
  get leastPartCents(): number {
    return this.document['payments.partial_min'] * 10 ** exponentOf(this.currency);
  }
  /** Above it a payer is asked to look twice; 0: never. */
  get warnAboveCents(): number {
    return this.document['payments.max_amount_warn'] * 10 ** exponentOf(this.currency);
  }
  get methodKinds(): readonly ('card' | 'bank')[] {
    return this.document['payments.method_types'];
  }
  get hasAutopay(): boolean {
    return this.document['autopay.enabled'] && this.gateway !== 'none';
  }
  /** C-15: whether autopay is switched there. Its state is shown in both places. */
  switchesAutopayAt(place: 'billing' | 'account'): boolean {
    return ['both', place].includes(this.document['autopay.place']);
  }
  /** C-14, S4-52: whether autopay, once it is switched on, pays for services that were scheduled before, too. */
  get autopayTakesScheduledJobs(): boolean {
    return this.document['autopay.apply_to_scheduled_jobs'];
  }
  /** From this hour of the day on, where the organization is, autopay charges what is due. */
  get autopayHour(): number {
    return this.document['autopay.run_hour'];
  }
  /** So many days after the first try a declined invoice is tried again: [1, 3, 7]. */
  get autopayRetryDays(): number[] {
    return [...new Set((this.document['autopay.retry_days'].match(/\d+/g) ?? []).map(Number))].filter((days) => days > 0).toSorted((a, b) => a - b);
  }
  /** A charge can be skipped until so many days before its day. */
  get skipCutoffDays(): number {
    return this.document['autopay.skip_cutoff_days'];
  }
  /** After so many days past due an account is suspended; null: never. */
  get suspendsAfterDays(): number | null {
    return this.document['suspension.enabled'] ? this.document['suspension.after_days'] : null;
  }
  get reactivatesByItself(): boolean {
    return this.document['suspension.auto_reactivate'];
  }
  mayPay(scope: 'balance' | 'overdue' | 'selected'): boolean {
    return this.document['billing.pay_scopes'].includes(scope);
  }
  headerShows(item: SettingsDocument['billing.header_items'][number]): boolean {
    return this.document['billing.header_items'].includes(item);
  }
}
