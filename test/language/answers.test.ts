import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { answerInWords } from '../../server/gateways/answer-words.ts';
import { wordsFor } from '../../server/gateways/stripe/answers.ts';
import { testNumbers } from '../../server/gateways/sandbox/numbers.ts';
import { translator } from '../../server/platform/text.ts';
import { serverFiles } from '../views/read-views.ts';

const [english, spanish] = [translator('en'), translator('es')];

describe('what a payment service answered', () => {
  it('is known in Spanish, whichever of our gateways says it', () => {
    const sources = serverFiles.filter(({ name }) => /^(?:gateways|payments|refunds)\//.test(name)).map(({ text }) => text);
    const answers = sources.flatMap((text) => [...text.matchAll(/(?:outcome: '\w+', [^{}\n]*message: |\b(?:\w+_\w+): )'([A-Z][a-z]+ ?[^']*)'/g)].map(([, said = '']) => said));
    const all = new Set([...answers, ...testNumbers.flatMap(({ message }) => message ?? []), wordsFor({}), wordsFor({ code: 'authentication_required' })]);
    assert.ok(all.size > 25, [...all].join('; '));
    assert.deepEqual([...all].filter((said) => answerInWords(said, spanish) === said || answerInWords(said, english) !== said), []);
  });

  it('stays as it was said where we do not know it', () => {
    assert.equal(answerInWords('R03 / no account 0815', spanish), 'R03 / no account 0815');
    assert.equal(answerInWords('', spanish), '');
  });
});
