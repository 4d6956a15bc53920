import * as fc from 'fast-check';
import { applyLater, giveCredit, receive, sendInvoice, takeInvoiceBack, takeOffLater, type Book } from '../ledger/bookkeeping.ts';

export interface Step {
  readonly kind: 'invoice' | 'payment' | 'credit' | 'apply' | 'takeOff' | 'void';
  readonly gap: number;
  readonly pick: number;
  readonly cents: number;
  readonly due: number | null;
  readonly currency: string;
}

/** Years of an account in random steps, in the order of the days. */
export const histories = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind']>('invoice', 'invoice', 'invoice', 'payment', 'payment', 'credit', 'apply', 'apply', 'apply', 'takeOff', 'takeOff', 'void'),
    gap: fc.oneof(fc.constant(0), fc.nat(45)),
    pick: fc.nat(1000),
    cents: fc.integer({ min: 1, max: 1_000_000_000 }),
    due: fc.option(fc.oneof(fc.nat(60), fc.integer({ min: 90, max: 400 }))),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'JPY'),
  }),
  { minLength: 3, maxLength: 22 },
);

interface Invoice { readonly id: string; readonly number: string; readonly on: string; readonly dueOn: string | null; readonly cents: number; readonly currency: string; isVoid: boolean }
interface Source { readonly from: { credit: string } | { payment: string }; readonly currency: string; leftCents: number }
interface Part { readonly invoice: Invoice; readonly source: Source | null; readonly allocation: string; readonly cents: number; readonly on: string; off: string | null }

/** The same history twice: in plain lists here, and in the database by journals. */
export class Model {
  readonly book: Book;
  readonly invoices: Invoice[] = [];
  readonly parts: Part[] = [];
  readonly sources: Source[] = [];
  today = '2026-01-01';

  constructor(book: Book) {
    this.book = book;
  }

  async take(step: Step): Promise<void> {
    this.today = later(this.today, step.gap);
    await this[step.kind](step);
  }

  /** What an invoice was still open by at the end of a day. */
  openOn(invoice: Invoice, day: string): number {
    if (invoice.isVoid || invoice.on > day) return 0;
    const applied = this.parts.filter((part) => part.invoice === invoice && part.on <= day && (part.off === null || part.off > day));
    return invoice.cents - applied.reduce((sum, { cents }) => sum + cents, 0);
  }

  owedOn(day: string, currency: string): number {
    return this.invoices.filter((invoice) => invoice.currency === currency).reduce((sum, invoice) => sum + this.openOn(invoice, day), 0);
  }

  /** Days on which something changes, and those before and after: where a boundary is wrong, it shows there. */
  telling(picks: readonly number[]): string[] {
    const ages = [0, 1, 30, 31, 60, 61, 90, 91];
    const days = [
      ...this.invoices.flatMap(({ on, dueOn }) => [on, later(on, -1), ...(dueOn ? ages.map((age) => later(dueOn, age)) : [])]),
      ...this.parts.flatMap(({ on, off }) => [on, later(on, -1), ...(off ? Array.from({ length: 8 }, (_, at) => later(off, -(at % 2))) : [])]),
      this.today,
    ];
    return picks.map((pick) => days[pick % days.length] ?? this.today);
  }

  private async invoice({ cents, due, currency }: Step): Promise<void> {
    const [on, number] = [this.today, `M-${this.invoices.length}`];
    const dueOn = due === null ? null : later(on, due);
    const id = await sendInvoice(this.book, { number: `${number}-${this.book.accountId}`, on, cents, currency, dueOn });
    this.invoices.push({ id, number: `${number}-${this.book.accountId}`, on, dueOn, cents, currency, isVoid: false });
  }

  /** Pays up to three open invoices, in part or whole; the rest waits. */
  private async payment({ pick, cents, currency }: Step): Promise<void> {
    const open = this.open(currency).slice(pick % 3, (pick % 3) + 3);
    let left = cents;
    const paid = open.flatMap((invoice) => {
      const part = Math.min(left, Math.ceil(this.openOn(invoice, this.today) / (1 + (pick % 2))));
      left -= part;
      return part > 0 ? [[invoice, part] as const] : [];
    });
    const id = await receive(this.book, { on: this.today, cents, currency, paid: Object.fromEntries(paid.map(([invoice, part]) => [invoice.id, part])) });
    for (const [invoice, part] of paid) this.parts.push({ invoice, source: null, allocation: '', cents: part, on: this.today, off: null });
    this.sources.push({ from: { payment: id }, currency, leftCents: left });
  }

  private async credit({ cents, currency }: Step): Promise<void> {
    this.sources.push({ from: { credit: await giveCredit(this.book, { on: this.today, cents, currency }) }, currency, leftCents: cents });
  }

  private async apply({ pick, cents }: Step): Promise<void> {
    const source = this.chosen(this.sources.filter(({ leftCents }) => leftCents > 0), pick);
    const invoice = source && this.chosen(this.open(source.currency), pick);
    if (!source || !invoice) return;
    const part = Math.min(source.leftCents, this.openOn(invoice, this.today), cents);
    const given = { invoiceId: invoice.id, cents: part, on: this.today, currency: source.currency };
    const allocation = await applyLater(this.book, source.from, given);
    source.leftCents -= part;
    this.parts.push({ invoice, source, allocation, cents: part, on: this.today, off: null });
  }

  private async takeOff({ pick }: Step): Promise<void> {
    const part = this.chosen(this.parts.filter(({ source, off }) => source && off === null), pick);
    if (!part?.source) return;
    await takeOffLater(this.book, part.source.from, { allocation: part.allocation, invoiceId: part.invoice.id, cents: part.cents, on: this.today, currency: part.invoice.currency });
    part.source.leftCents += part.cents;
    part.off = this.today;
  }

  private async void({ pick }: Step): Promise<void> {
    const free = this.invoices.filter((invoice) => !invoice.isVoid && !this.parts.some((part) => part.invoice === invoice));
    const invoice = this.chosen(free, pick);
    if (!invoice) return;
    await takeInvoiceBack(this.book, invoice.id, invoice);
    invoice.isVoid = true;
  }

  private open(currency: string): Invoice[] {
    return this.invoices.filter((invoice) => invoice.currency === currency && this.openOn(invoice, this.today) > 0);
  }

  private chosen<T>(list: readonly T[], pick: number): T | undefined {
    return list[pick % Math.max(1, list.length)];
  }
}

export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
