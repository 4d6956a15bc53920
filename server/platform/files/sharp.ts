/** Comes with the first picture. One picture at a time and nothing kept: uploads are rare, requests are not. */
export async function openSharp() {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}
