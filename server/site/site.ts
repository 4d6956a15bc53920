import type { SettingsDocument } from '../settings/schema.ts';
import { TicketQuestions } from './ticket-questions.ts';

/**
 * What an organization has decided, asked by name. Handlers and views never see raw setting keys. Beside this file stand the
 * questions by noun: portal-questions, access-questions, money-questions, ticket-questions; here those of features with a few settings each.
 */
export class Site extends TicketQuestions {
  /** B-8: how many days an invoice may wait unsent before the digest says so. */
  get unsentReminderDays(): number {
    return this.document['billing.unsent_reminder_days'];
  }
  /** S3-20: the columns of usages that people see until they choose their own. */
  get usageColumns(): SettingsDocument['usage.columns_default'] {
    return this.document['usage.columns_default'];
  }
  /** S3-22: which further ones they may add. */
  get extraUsageColumns(): SettingsDocument['usage.columns_extra'] {
    return this.document['usage.columns_extra'];
  }
  /** S3-24: an export holds so many records at the most, the newest ones. */
  get mostExportedUsages(): number {
    return this.document['usage.export_max'];
  }
  get usageExportHours(): number {
    return this.document['usage.export_link_ttl_hours'];
  }
  /** S4-34 to S4-36: which parts of their services people see. */
  showsServices(part: SettingsDocument['services.show'][number]): boolean {
    return this.document['services.show'].includes(part);
  }
  /** S1-83: after so many hours a test contact gets in no more. */
  get testContactHours(): number {
    return this.document['support.test_contact_ttl_hours'];
  }
  /** B-2: whether staff may look at the portal as somebody sees it, and for how many minutes. */
  get mayViewAs(): boolean {
    return this.document['support.view_as'] === 'read_only';
  }
  get viewAsMinutes(): number {
    return this.document['support.view_as_minutes'];
  }
  get tellsOfSupport(): boolean {
    return this.document['support.notify_customer'];
  }
  /** People may ask for another time until so many hours before a visit begins; null: never. */
  get rescheduleHours(): number | null {
    return this.document['services.reschedule'] ? this.document['services.reschedule_hours'] : null;
  }
  /** How often they may ask about one visit. */
  get mostReschedules(): number {
    return this.document['services.reschedule_max'];
  }
}
