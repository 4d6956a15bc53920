/** The exact sum of amounts in minor units. Throws RangeError where it could not be counted exactly. */
export function sumCents(amounts: readonly number[]): number {
  const sum = amounts.reduce((total, amount) => total + BigInt(amount), 0n);
  if (sum > BigInt(Number.MAX_SAFE_INTEGER) || sum < -BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('the sum is beyond what can be counted exactly');
  return Number(sum);
}

export interface Fillable {
  /** What this part was meant to get. */
  readonly wantedCents: number;
  /** What it can still take. */
  readonly roomCents: number;
}

/** Gives each part what it was meant to get, as far as it has room; what finds none stays unapplied. Not a cent is lost or made. */
export function fill(amountCents: number, parts: readonly Fillable[]): { readonly givenCents: number[]; readonly unappliedCents: number } {
  let leftCents = amountCents;
  const givenCents = parts.map(({ wantedCents, roomCents }) => {
    const given = Math.max(0, Math.min(wantedCents, roomCents, leftCents));
    leftCents -= given;
    return given;
  });
  return { givenCents, unappliedCents: leftCents };
}
