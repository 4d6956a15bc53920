/** Of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? Number.NaN;
}

/** A ratio with its quartiles over the rotations of one run. */
export interface Ratio {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

export function ratioOf(values: readonly number[], reference: readonly number[]): Ratio {
  const each = values.map((value, at) => value / (reference[at] ?? Number.NaN));
  return { middle: median(each), low: quantile(each, 0.25), high: quantile(each, 0.75) };
}
