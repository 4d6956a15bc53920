/** What a file is by its first bytes; its name is only believed where it agrees. */
export interface FileType {
  readonly type: string;
  readonly extensions: readonly string[];
}

const known: readonly (FileType & { readonly begins: (head: Buffer) => boolean })[] = [
  { type: 'application/pdf', extensions: ['pdf'], begins: (head) => head.subarray(0, 5).toString('latin1') === '%PDF-' },
  { type: 'image/png', extensions: ['png'], begins: (head) => head.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) },
  { type: 'image/jpeg', extensions: ['jpg', 'jpeg'], begins: (head) => head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) },
  { type: 'image/gif', extensions: ['gif'], begins: (head) => /^GIF8[79]a/.test(head.subarray(0, 6).toString('latin1')) },
  { type: 'image/webp', extensions: ['webp'], begins: (head) => head.subarray(0, 4).toString('latin1') === 'RIFF' && head.subarray(8, 12).toString('latin1') === 'WEBP' },
];

/** PDF and plain pictures; undefined for everything else, pictures that can hold scripts among it. */
export function fileTypeOf(content: Buffer): FileType | undefined {
  return known.find(({ begins }) => begins(content.subarray(0, 16)));
}

/** A name that any system can keep, ending as its content says. */
export function safeFileName(given: string, { extensions }: FileType): string {
  const name = given.normalize('NFC').replace(/[\p{C}/\\:*?"<>|]+/gu, '_').replace(/^[\s.]+|[\s.]+$/g, '').slice(-120) || 'file';
  const isSame = extensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`));
  return isSame ? name : `${name}.${extensions[0]}`;
}
