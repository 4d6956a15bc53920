/** S1-88: from this version on a browser is new enough for the portal. Most also claim to be the ones further down. */
const oldest: readonly (readonly [RegExp, string, number])[] = [
  [/(?:Edg|EdgA|EdgiOS|Edge)\/(\d+)/, 'Microsoft Edge', 120],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox', 115],
  [/(?:Chrome|Chromium|CriOS)\/(\d+)/, 'Chrome', 120],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//, 'Safari', 16],
  [/(?:MSIE |Trident\/)(\d+)/, 'Internet Explorer', 99],
];

/** Undefined for what is none of these: it may be new. */
export function browserOf(device: string): { readonly name: string; readonly version: number; readonly isOld: boolean } | undefined {
  for (const [pattern, name, least] of oldest) {
    const version = Number(pattern.exec(device)?.[1] ?? Number.NaN);
    if (!Number.isNaN(version)) return { name, version, isOld: version < least };
  }
  return undefined;
}
