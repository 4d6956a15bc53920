import type { Language } from '../platform/text.ts';

type Word = readonly [one: string, many: string];

/** The organization's word for those it serves is a word of its own language. Whoever reads the other one gets its translation, else "account". */
const known: readonly Readonly<Record<Language, Word>>[] = [
  { en: ['account', 'accounts'], es: ['cuenta', 'cuentas'] },
  { en: ['family', 'families'], es: ['familia', 'familias'] },
  { en: ['customer', 'customers'], es: ['cliente', 'clientes'] },
  { en: ['client', 'clients'], es: ['cliente', 'clientes'] },
  { en: ['property', 'properties'], es: ['propiedad', 'propiedades'] },
  { en: ['organization', 'organizations'], es: ['organización', 'organizaciones'] },
  { en: ['company', 'companies'], es: ['empresa', 'empresas'] },
  { en: ['household', 'households'], es: ['hogar', 'hogares'] },
  { en: ['member', 'members'], es: ['miembro', 'miembros'] },
  { en: ['student', 'students'], es: ['alumno', 'alumnos'] },
  { en: ['patient', 'patients'], es: ['paciente', 'pacientes'] },
  { en: ['resident', 'residents'], es: ['residente', 'residentes'] },
];

export function vocabularyOf(word: Word, own: Language, language: Language): { readonly accountOne: string; readonly accountMany: string } {
  const translated = known.find((entry) => entry[own][0] === word[0].toLowerCase()) ?? known[0];
  const [accountOne, accountMany] = language === own ? word : (translated?.[language] ?? word);
  return { accountOne, accountMany };
}
