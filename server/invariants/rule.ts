/** One thing that must hold in every organization. Its select names what breaks it: `object` (a number or an id) and `detail`. */
export interface Rule {
  /** As in the list of invariants: 'I1' … */
  readonly id: string;
  readonly name: string;
  readonly sql: string;
}

/** States in which a payment's money has come. */
export const moneyCame = `('succeeded', 'partially_refunded', 'refunded', 'returned', 'disputed')`;
