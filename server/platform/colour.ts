/** '#0f766e' -> '15, 118, 110'. */
export function rgb(hex: string): string {
  return channels(hex).join(', ');
}

/** Black or white, whichever is easier to read on the colour. */
export function onColor(hex: string): '#ffffff' | '#111111' {
  return contrast('#ffffff', hex) >= contrast('#111111', hex) ? '#ffffff' : '#111111';
}

/** The colour, moved towards black or white just as far as text of it needs to be readable on the background (WCAG AA, 4.5 : 1). */
export function readableOn(background: string, hex: string): string {
  const towards = luminance(background) > 0.5 ? 0 : 255;
  for (let share = 0; share <= 100; share += 4) {
    const mixed = toHex(channels(hex).map((value) => Math.round(value + ((towards - value) * share) / 100)));
    if (contrast(mixed, background) >= 4.6) return mixed;
  }
  return towards ? '#ffffff' : '#000000';
}

export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
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
