import { MoneyQuestions } from './money-questions.ts';

/** What customers may ask by ticket, who gets it, and what they may send with it. */
export class TicketQuestions extends MoneyQuestions {
  /** S4-13 */
  get maySubmitTickets(): boolean {
    return this.hasTab('tickets') && this.document['tickets.submit'];
  }
  /** S4-12: whether the home page shows what is open. */
  get showsOpenTickets(): boolean {
    return this.hasTab('tickets') && this.document['tickets.view_open'];
  }
  /** S4-42 C-22: of which states customers see their tickets. Who sees the closed ones sees the open ones, too. */
  get visibleTickets(): ('open' | 'closed')[] {
    if (this.document['tickets.view_closed']) return ['open', 'closed'];
    return this.document['tickets.view_open'] ? ['open'] : [];
  }
  get ticketCategories(): string[] {
    return linesOf(this.document['tickets.categories']);
  }
  /** S4-20: the email of the member of staff who gets tickets of this category; '' for an owner. */
  ticketResource(category: string): string {
    const own = linesOf(this.document['tickets.resource_by_category']).map((line) => line.split('=').map((part) => part.trim()));
    return own.find(([name = '']) => name.toLowerCase() === category.toLowerCase())?.[1] ?? this.document['tickets.default_resource'];
  }
  /** S4-17: as a person counts. */
  get ticketCharacters(): number {
    return this.document['tickets.max_chars'];
  }
  get ticketFiles(): { readonly types: readonly ('images' | 'pdf')[]; readonly most: number; readonly megabytes: number } {
    return { types: this.document['tickets.attachments.types'], most: this.document['tickets.attachments.max_files'], megabytes: this.document['tickets.attachments.max_mb'] };
  }
  /** How long after it was closed a customer may open a ticket again; 0 for never. */
  get ticketReopenDays(): number {
    return this.document['tickets.reopen_days'];
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}
