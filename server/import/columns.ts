export type NounName = 'accounts' | 'contacts' | 'invoices' | 'invoice_lines' | 'payments' | 'credits' | 'usages' | 'visits';

export type CellType = 'id' | 'number' | 'text' | 'email' | 'day' | 'amount' | 'decimal' | 'yes/no' | 'fixed' | 'currency' | 'list';

/** One column of a file. docs/import.md describes exactly these. */
export interface Column {
  readonly name: string;
  readonly type: CellType;
  readonly required?: true;
  /** Of a text: how many characters it may have. */
  readonly max?: number;
  /** Of a text: line breaks may be in it. */
  readonly lines?: true;
  /** Of a text: what it must look like, and the message when it does not. */
  readonly pattern?: { readonly test: RegExp; readonly error: string };
  /** Of a fixed value: which there are. */
  readonly choices?: readonly string[];
  /** What an empty cell means, written as in a cell. */
  readonly initial?: string;
  /** Of an amount or a decimal. */
  readonly least?: 'zero' | 'more than zero';
}

const externalId: Column = { name: 'external_id', type: 'id', required: true };
const account: Column = { name: 'account', type: 'id', required: true };
const number: Column = { name: 'number', type: 'number' };
const currency: Column = { name: 'currency', type: 'currency' };
const appliesTo: Column = { name: 'applies_to', type: 'list' };

function text(name: string, max = 100): Column {
  return { name, type: 'text', max };
}
function fixed(name: string, choices: readonly string[], initial?: string): Column {
  return { name, type: 'fixed', choices, ...(initial === undefined ? { required: true } : { initial }) };
}
function yesNo(name: string, initial: 'yes' | 'no'): Column {
  return { name, type: 'yes/no', initial };
}

const address = ['address1', 'address2', 'city', 'region', 'postal_code'].map((name) => text(name));
const phones = ['home_phone', 'work_phone', 'cell_phone', 'fax', 'other_phone'].map((name) => text(name));

/** The eight files, in the order in which they are loaded: each refers only to those before it. */
export const columns: Readonly<Record<NounName, readonly Column[]>> = {
  accounts: [
    externalId, number,
    { ...text('name', 200), required: true },
    fixed('stage', ['lead', 'active', 'suspended', 'closed'], 'active'),
    fixed('pays_by', ['card', 'bank_draft'], 'card'),
    ...address,
    { ...text('country'), pattern: { test: /^[A-Z]{2}$/, error: 'not-a-country' } },
    text('group'),
    { name: 'opened_on', type: 'day' },
  ],
  contacts: [
    externalId, account,
    { ...text('first_name', 200), required: true },
    { ...text('last_name', 200), required: true },
    text('type'),
    { name: 'email', type: 'email' },
    ...phones, ...address,
    yesNo('primary', 'no'), yesNo('billing', 'no'), yesNo('may_sign_in', 'yes'),
    text('login_id', 200),
  ],
  invoices: [
    externalId, account, number,
    { name: 'issued_on', type: 'day', required: true },
    { name: 'due_on', type: 'day' },
    currency,
    { name: 'total', type: 'amount', required: true, least: 'zero' },
    fixed('status', ['unsent', 'sent', 'void'], 'unsent'),
    { ...text('memo', 500), lines: true },
  ],
  invoice_lines: [
    externalId,
    { name: 'invoice', type: 'id', required: true },
    { ...text('description', 500), required: true },
    { name: 'quantity', type: 'decimal', least: 'zero', initial: '1' },
    { name: 'unit_price', type: 'amount' },
    { name: 'amount', type: 'amount', required: true },
  ],
  payments: [
    externalId, account, number,
    { name: 'paid_on', type: 'day', required: true },
    fixed('method', ['card', 'bank_draft', 'cash', 'check', 'other']),
    { name: 'amount', type: 'amount', required: true, least: 'more than zero' },
    currency,
    fixed('state', ['succeeded', 'declined', 'refunded'], 'succeeded'),
    appliesTo,
    text('message', 500),
  ],
  credits: [
    externalId, account, number,
    { name: 'issued_on', type: 'day', required: true },
    { name: 'amount', type: 'amount', required: true, least: 'more than zero' },
    currency,
    text('reference', 500),
    appliesTo,
  ],
  usages: [
    externalId, account,
    { ...number, required: true },
    { name: 'used_on', type: 'day', required: true },
    { ...text('description', 500), required: true },
    { name: 'quantity', type: 'decimal', required: true, least: 'zero' },
    text('unit'),
    { name: 'invoice', type: 'id' },
    text('product', 200),
    { name: 'unit_price', type: 'amount' },
    { name: 'amount', type: 'amount' },
    currency,
    text('reference', 200),
    { name: 'recorded_on', type: 'day' },
  ],
  visits: [
    externalId, account, number,
    { ...text('title', 200), required: true },
    text('category'),
    fixed('status', ['waiting', 'scheduled', 'done', 'cancelled'], 'waiting'),
    { name: 'day', type: 'day' },
    ...['starts', 'ends'].map((name): Column => ({ ...text(name, 5), pattern: { test: /^([01]\d|2[0-3]):[0-5]\d$/, error: 'not-a-time' } })),
    text('resource'),
    { ...text('address', 300), lines: true },
    { ...text('notes', 500), lines: true },
    { ...text('internal_notes', 500), lines: true },
    { name: 'price', type: 'amount', least: 'zero' },
    currency,
    { name: 'paid_by_autopay', type: 'yes/no' },
    { name: 'invoice', type: 'id' },
    { name: 'series', type: 'id' },
    { ...text('repeats', 20), pattern: { test: /^([1-9]|[1-4]\d|5[0-2]) (days?|weeks?|months?)$/, error: 'not-a-repeat' } },
  ],
};

export const nounNames = Object.keys(columns) as NounName[];

export function fileNameOf(noun: NounName): string {
  return `${noun}.csv`;
}
