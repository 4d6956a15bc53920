/** What a gateway says about money. Five answers, because "refused", "never asked" and "nobody knows" need different next steps. */
export type Outcome =
  | { outcome: 'succeeded'; reference: string; message: string; paidWith?: PaidWith }
  /** The message is in words that a payer may read. */
  | { outcome: 'declined'; reference: string | null; message: string }
  /** Bank money is under way; ask again with lookup. */
  | { outcome: 'processing'; reference: string; message: string; paidWith?: PaidWith }
  /** It may have charged: a time-out, a cut line, an answer that cannot be read. */
  | { outcome: 'unknown'; message: string }
  /** It has surely not charged: the connection was never made. */
  | { outcome: 'not_reached'; message: string };

export type MethodKind = 'card' | 'bank';

/** What somebody has paid with on the gateway's own page. */
export interface PaidWith {
  readonly kind: MethodKind;
  readonly brand: string;
  readonly last4: string;
}

export interface ChargeRequest {
  /** The attempt's id. */
  key: string;
  tenantId: string;
  amountCents: number;
  currency: string;
  token: string;
  description: string;
  /**
   * Keeps the gateway's name of the operation before any money can move, so that a crash cannot lose it. False: the attempt has been
   * closed meanwhile and must not charge. A gateway that can be asked by our own key alone needs none.
   */
  opened?: (reference: string) => Promise<boolean>;
}

export interface RefundRequest {
  /** The refund's own id, never the key of the charge. */
  key: string;
  /** The reference of the charge that is paid back. */
  reference: string;
  amountCents: number;
}

export interface SavingRequest {
  tenantId: string;
  returnUrl: string;
  kinds: readonly MethodKind[];
  holder: string;
  locale: string;
}

export interface PayPageRequest {
  /** The attempt's id. */
  key: string;
  tenantId: string;
  amountCents: number;
  currency: string;
  description: string;
  kinds: readonly MethodKind[];
  /** Where the page leads whoever has paid, and whoever has not. */
  returnUrl: string;
  leaveUrl: string;
  expiresAt: Date;
  locale: string;
}

export interface PayPage {
  url: string;
  reference: string;
}

/** A page of the gateway's own on which one amount can be paid once, with nothing saved. Its reference is what lookup and cancel take. */
export interface PayPages {
  /** Throws whenever the caller learns no address: then nobody does, and nothing can ever be paid there. */
  open(request: PayPageRequest): Promise<PayPage>;

  /** Its address while it can be paid, else null. Throws Unavailable when the gateway cannot be asked. */
  find(reference: string): Promise<string | null>;
}

export interface SavedMethod {
  token: string;
  kind: MethodKind;
  brand: string;
  last4: string;
  expMonth: number | null;
  expYear: number | null;
}

/** Nothing has been charged so far; where it isClosed, nothing ever will be. */
export interface NotFound {
  outcome: 'not_found';
  isClosed?: boolean;
}

export interface Gateway {
  readonly name: 'sandbox' | 'stripe';
  readonly abilities: { readonly kinds: readonly MethodKind[]; readonly refund: boolean };

  /** The same key is the same operation, done once: a repeat answers what became of it. Throws GatewayMisuse when the rest differs. */
  charge(request: ChargeRequest): Promise<Outcome>;

  /** `reference` is what `opened` has kept. Never answers not_reached: a gateway that cannot be asked now says unknown, for the charge may have been taken earlier. */
  lookup(key: string, reference?: string | null): Promise<Outcome | NotFound>;

  /**
   * The fence: after a true, no charge with that key can ever succeed, unless it is opened later under a reference that is not given here:
   * whoever closes the attempt looks at that under its lock. A gateway that cannot be asked gives false and unknown.
   */
  cancel(key: string, reference?: string | null): Promise<{ cancelled: true } | { cancelled: false; answer: Outcome }>;

  refund(request: RefundRequest): Promise<Outcome>;

  /** Only where the gateway has one. */
  readonly payPages?: PayPages;

  /** Opens the gateway's own page for one payer to save a method. The page returns to returnUrl with ?session=… added, without it when the payer gave up. */
  startSaving(request: SavingRequest): Promise<{ url: string }>;

  /** What the payer saved, or null when nothing was; reading twice gives the same. Throws Unavailable when the gateway cannot be asked. */
  readSaved(session: string): Promise<SavedMethod | null>;

  /** Makes the token useless; doing it twice changes nothing. Throws Unavailable when the gateway cannot be asked. */
  detach(token: string): Promise<void>;
}

/** Our own mistake, not the payer's: a request that no gateway takes, or a key used again for something else. Nothing was charged by it. */
export class GatewayMisuse extends Error {}
