import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Fewer guesses than a million: found on the first day by whoever tries the common ones. */
const leastScore = 2;
/** Looking at more takes half a second and finds nothing: what is hard to guess so far stays hard. */
const looksAt = 40;

/** Whether a password is one of those that everybody tries first, or made of the words around it (the own name, email, the portal's name). */
export async function isEasyToGuess(password: string, around: readonly (string | null | undefined)[]): Promise<boolean> {
  checker ??= load();
  const words = around.flatMap((text) => (text ? [text, ...text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2)] : []));
  return (await checker).check(password.slice(0, looksAt), [...words, ...spanish]).score < leastScore;
}

let checker: Promise<ZxcvbnFactory> | undefined;

/** Loaded when it is first needed: the word lists take 30 MB and a third of a second. */
async function load(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common'), import('@zxcvbn-ts/language-en')]);
  return new core.ZxcvbnFactory({ dictionary: { ...common.dictionary, ...english.dictionary }, graphs: common.adjacencyGraphs });
}

const spanish = ['contraseña', 'contrasena', 'clave', 'familia', 'teamo', 'teamomucho', 'mariposa', 'princesa', 'estrella', 'bienvenido', 'hola', 'españa', 'barcelona', 'realmadrid', 'mexico', 'jesus', 'corazon', 'amigos', 'bonita', 'tequiero'];
