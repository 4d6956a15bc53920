import type { Job, Recurring } from '../platform/queue.ts';
import type { Route } from '../platform/routes.ts';
import type { Translate } from '../platform/text.ts';
import type { Site } from '../site/site.ts';
import type { Outside } from './outside.ts';
import type { CustomerRequest, StaffRequest } from './people.ts';

/**
 * One line of features.ts. From this list come navigation, home page, settings sections, route list and the 404 gate. In the SQL of
 * panels and tasks `$1` is the account, `$2` today, `$3` the organization's zone, `$4` its gateway, `$5` the days on which autopay
 * tries again (null where there is no autopay), `$6` the contact; `account` is its row, `open` are its open invoices with their
 * `state`, and `confirming` its payments that wait for a bank, each read once for all of them.
 */
export interface Feature {
  readonly key: string;
  /** A tab that customers see where the organization has it on, with the label it has given or this one. */
  readonly tab?: { readonly path: string; readonly icon: string; readonly label: (t: Translate) => string; readonly always?: boolean };
  /** Beyond the tab: whether the organization's settings allow the feature at all. */
  readonly isOn?: (site: Site) => boolean;
  /** Its forms are about whoever is signed in, whichever account is looked at. */
  readonly isPersonal?: boolean;
  /** For contacts who may see the account's money, or who may pay for it too. */
  readonly money?: 'see' | 'pay';
  /** For tabs set to 'auto': a scalar boolean, $1 is the account. */
  readonly exists?: string;
  /** A panel of the home page: what is to do, what comes next or what is new; one JSON expression and the view that draws it. */
  readonly panel?: { readonly stage: 'do' | 'next' | 'new'; readonly label: (t: Translate) => string; readonly sql: string | ByAutopay; readonly view: string };
  /** What it asks of somebody on the home page: one JSON expression, and what becomes of its answer. */
  readonly tasks?: { readonly sql: string | ByAutopay; readonly list: (found: unknown, req: CustomerRequest) => readonly Task[] };
  readonly public?: readonly Route[];
  readonly customer?: readonly Route<CustomerRequest>[];
  readonly staff?: readonly Route<StaffRequest>[];
  /** What this person has to do before anything else: its address. Only routes that are `early` answer until it is done. */
  readonly first?: (req: CustomerRequest | StaffRequest) => string | undefined;
  /** Work for the queue, by name. */
  readonly jobs?: (outside: Outside) => Readonly<Record<string, Job>>;
  /** Which of them the clock starts. */
  readonly clock?: readonly Recurring[];
  /** Where staff find it. */
  readonly staffLink?: { readonly path: string; readonly icon: string; readonly label: (t: Translate) => string; readonly area: string };
  /** A tab of the account record at the front desk: its own route below the account's address, which draws 'account-record/record-head' with what `recordFrame` answers. */
  readonly accountTab?: { readonly path: string; readonly label: (t: Translate) => string; readonly area: string };
  /** What it adds to the record of an account and to that of a contact. */
  readonly accountParts?: readonly RecordPart<AccountAtDesk>[];
  readonly contactParts?: readonly RecordPart<ContactAtDesk>[];
  /** What of it staff find by name, number, email or phone. */
  readonly search?: SearchSource;
}

/** What need not be asked of an account that is not on autopay: most are not. */
export interface ByAutopay {
  readonly on: string;
  readonly off: string;
}

/** A piece of a record's page. Drawn by `view` with `record` and what `read` answers; nothing where that is undefined, or where staff lack the area. */
export interface RecordPart<Of> {
  /** Accounts: 'actions' (buttons at the top), or below what stands on that tab. Contacts: 'top', 'actions', or 'portal', below the portal information. */
  readonly place: 'top' | 'actions' | 'summary' | 'contacts' | 'misc' | 'portal';
  readonly view: string;
  readonly area?: string;
  readonly read: (req: StaffRequest, record: Of) => Promise<Readonly<Record<string, unknown>> | undefined>;
}

export interface AccountAtDesk {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly stage: 'lead' | 'active' | 'suspended' | 'closed';
}

export interface ContactAtDesk {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly loginRef: string | null;
  readonly stage: AccountAtDesk['stage'];
}

export interface SearchSource {
  readonly label: (t: Translate) => string;
  readonly area: string;
  /** At most `limit` hits, the best first. One statement where nothing has to be forgiven. */
  readonly find: (req: StaffRequest, typed: string, limit: number) => Promise<SearchHit[]>;
}

export interface SearchHit {
  readonly path: string;
  readonly title: string;
  readonly detail: string;
  /** What was found where it is not in the title: an address, a phone, a number. */
  readonly matched: string;
  /** Word for word what was typed: where it is the only one, it is opened at once. */
  readonly isExact: boolean;
}

/** One thing that somebody has to do: pay, sign, confirm. Texts are ready to read. */
export interface Task {
  readonly text: string;
  readonly note?: string;
  readonly amount?: string;
  /** What the one button says, and where it leads; none where nothing can be done here. */
  readonly button?: string;
  readonly path?: string;
  /** Where it can be looked at. */
  readonly seen?: string;
  /** Has to be done today. */
  readonly isUrgent?: boolean;
}

/** Whether the feature's addresses answer at all. A tab set to 'auto' answers even while it is not shown. */
export function isOffered(feature: Feature, site: Site): boolean {
  if (feature.isOn && !feature.isOn(site)) return false;
  if (!feature.tab || feature.tab.always) return true;
  return (site.tabs.find((tab) => tab.key === feature.key)?.enabled ?? 'off') !== 'off';
}
