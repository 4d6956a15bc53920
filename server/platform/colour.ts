/** '#0f766e' -> '15, 118, 110'. */
export function rgb(hex: string): string {
  return channels(hex).join(', ');
}

/** Black or white, whichever is easier to read on the colour. A softer black would miss 4.5 : 1 on middle greys. */
export function onColor(hex: string): '#ffffff' | '#000000' {
  return contrast('#ffffff', hex) >= contrast('#000000', hex) ? '#ffffff' : '#000000';
}

/** The colour, moved towards black or white just as far as it needs to reach a contrast on the background: 4.6 is enough for text, 3.1 for edges. */
export function readableOn(background: string, hex: string, least = 4.6): string {
  const towards = luminance(background) > 0.5 ? '#000000' : '#ffffff';
  for (let percent = 0; percent < 100; percent += 4) {
    const mixed = mix(hex, towards, percent);
    if (contrast(mixed, background) >= least) return mixed;
  }
  return towards;
}

/** The colour for the moment it is pointed at: a little off, and the text on it stays readable. */
export function pointedAt(hex: string): string {
  const text = onColor(hex);
  if (contrast(text, hex) > 8) return mix(hex, text, 14);
  return mix(hex, text === '#ffffff' ? '#000000' : '#ffffff', 14);
}

export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function mix(hex: string, towards: string, percent: number): string {
  const target = channels(towards);
  return toHex(channels(hex).map((value, at) => Math.round(value + (((target[at] ?? 0) - value) * percent) / 100)));
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function toHex(values: readonly number[]): string {
  return `#${values.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
