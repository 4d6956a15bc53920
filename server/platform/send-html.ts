import type { Response } from 'express';

/**
 * Head and page leave in one piece, which Express's own send makes two of. The page is made into UTF-8 once, into a sheet that is kept
 * for that: one sign beyond Latin-1 makes a page slow to count and slow to write, and nearly every page has one.
 */
export function sendHtml(html: string, res: Response): void {
  const bytes = utf8Of(html);
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes, 'latin1');
}

const sheet = Buffer.allocUnsafeSlow(512 * 1024);

/** The bytes of a text in UTF-8, each as one sign. */
function utf8Of(text: string): string {
  if (text.length * 3 > sheet.length) return Buffer.from(text).toString('latin1');
  return sheet.toString('latin1', 0, sheet.write(text));
}
