import Pdfkit from 'pdfkit';
import { fonts, plainText } from './text.ts';

/** An empty tagged document of one page whose only fonts are 'regular' and 'semibold'. */
export function openPdf(about: { title: string; author: string; lang: string }): PDFKit.PDFDocument {
  const options = {
    pdfVersion: '1.7', tagged: true, displayTitle: true, lang: about.lang, size: paperOf(about.lang), margin: 0, bufferPages: true,
    info: { Title: plainText(about.title), Author: plainText(about.author), Creator: 'Portico' },
    font: null, // otherwise it is Helvetica, which is never embedded
  };
  const pdf = new Pdfkit(options as unknown as PDFKit.PDFDocumentOptions);
  for (const [name, font] of Object.entries(fonts)) pdf.registerFont(name, font as unknown as Buffer);
  const endMetadata = pdf.endMetadata.bind(pdf);
  pdf.endMetadata = () => { // pdfkit copies these texts into the XML metadata as they are: an "&" would break it
    for (const key of ['Title', 'Author'] as const) pdf.info[key] = escapeXml(pdf.info[key] ?? '');
    endMetadata();
  };
  return pdf;
}

// The countries that print on Letter (CLDR, territoryInfo paperSize).
const letterRegion = /-(BZ|CA|CL|CO|CR|GT|MX|NI|PA|PH|PR|SV|US|VE)\b/i;

function paperOf(lang: string): 'A4' | 'LETTER' {
  return letterRegion.test(lang) ? 'LETTER' : 'A4';
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
}
