import { readFieldLabels } from '../custom-fields/values.ts';
import { findByLines, type OwnChange } from '../own-changes/change.ts';
import { isUndoable } from '../own-changes/restore.ts';
import { deviceInWords } from '../sign-ins/device.ts';
import type { CustomerRequest } from '../tenancy/people.ts';
import type { HistoryLine } from './history.ts';

/** A line in plain words, with what was and what is. */
export interface WordedLine {
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly device: string;
  readonly changes: readonly { readonly label: string; readonly before: string; readonly after: string }[];
  /** The id of the change that can be undone; '' where there is none. */
  readonly undo: string;
  readonly isTakenBack: boolean;
}

export async function wordLines(req: CustomerRequest, lines: readonly HistoryLine[]): Promise<WordedLine[]> {
  const changes = await findByLines(req.outside, lines.map(({ id }) => id));
  const labels = await readFieldLabels();
  return lines.map((line) => {
    const found = changes.get(line.id);
    const own = found?.contactId === req.account.contactId ? found : undefined;
    return {
      id: line.id, at: line.at, text: sentenceOf(line, req), device: line.device ? deviceInWords(line.device, req.t) : '',
      changes: own ? changesOf(own, labels, req) : [], undo: own && isUndoable(own) ? own.id : '', isTakenBack: found?.isTakenBack ?? false,
    };
  });
}

/** The words of the log are for staff: of them only figures and numbers are told. */
function sentenceOf({ kind, message, byStaff }: HistoryLine, { t }: CustomerRequest): string {
  const special = specials.find(([of, pattern]) => of === kind && pattern.test(message))?.[2];
  const key = `account-history.kind-${special ?? kind}${byStaff && (kind === 'profile-changed' || kind === 'username-changed') ? '-by-staff' : ''}`;
  const last4 = /Last 4: (\d{4})/.exec(message)?.[1];
  const number = /\b(?:Invoice|Credit|Prepayment|Payment) ([A-Z]+-[\w-]+)/.exec(message)?.[1];
  return [t(key), number, last4 && t('account-history.ending', { last4 })].filter(Boolean).join(' ');
}

const specials: readonly (readonly [kind: string, pattern: RegExp, special: string])[] = [
  ['billing', /Autopay turned on/, 'autopay-on'], ['billing', /Autopay turned off/, 'autopay-off'], ['billing', /Autopay payment method changed/, 'autopay-method'],
  ['billing', /added/, 'method-added'], ['billing', /deleted/, 'method-removed'], ['billing', /Default payment method/, 'method-default'], ['billing', /Card payment requested/, 'payment-requested'],
  ['invoice', /sent/, 'invoice-sent'], ['invoice', /voided/, 'invoice-voided'],
];

function changesOf({ kind, before, after }: OwnChange, labels: ReadonlyMap<string, string>, { t }: CustomerRequest): WordedLine['changes'] {
  if (kind !== 'details' && kind !== 'fields' && kind !== 'email' && kind !== 'username') return [];
  return Object.keys(before).flatMap((name) => {
    const label = kind === 'details' ? t(`contacts.${name}`) : kind === 'fields' ? labels.get(name) : name === kind ? t(`accounts.${kind}`) : undefined;
    return label ? [{ label, before: before[name] || t('accounts.none'), after: after[name] || t('accounts.none') }] : [];
  });
}
