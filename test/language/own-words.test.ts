import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { viewsFolder } from '../../server/platform/views.ts';
import { serverFiles } from '../views/read-views.ts';

/** What only operators read, at a terminal; and what gateways answer, which is translated where it is shown. */
const operators = /^(?:tasks|operator|gateways|invariants)\/|^(?:config|main)\.ts$|\/lines?-words\.ts$/;
const spoken = /\b(?:title|subject|label|hint|text|link|button|lead|note|heading|placeholder)(?:: | = )(['"`])([A-Z][^'"`$]* [^'"`]*|[A-Z][a-z]+ [a-z][^'"`]*)\1/g;
const told = /\b(?:refuse|setFlash)\([^\n]*?(['"`])([A-Z][a-z]* [^'"`]*)\1/g;
const inScript = /\b(?:textContent|innerText|title|ariaLabel|alert\(|confirm\(|message)\s*(?:=|:|\()\s*(['"`])([A-Z][^'"`]* [^'"`]*)\1/g;

const ownWords = (source: string, patterns: readonly RegExp[]): string[] => patterns.flatMap((pattern) => [...withoutComments(source).matchAll(pattern)].map(([, , words = '']) => words));

const withoutComments = (source: string): string => source.replace(/^\s*(?:\/\*\*[^]*?\*\/|\/\/.*)$/gm, '');

describe('words outside the catalogues', () => {
  it('are in no handler, mail, paper or file', () => {
    const files = serverFiles.filter(({ name }) => !operators.test(name));
    assert.deepEqual(files.flatMap(({ name, text }) => ownWords(text, [spoken, told]).map((words) => `${name}: ${words}`)), []);
  });

  it('are in no script of a page either', () => {
    const folder = path.join(viewsFolder, '../public');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    assert.ok(scripts.length > 2);
    assert.deepEqual(scripts.flatMap((name) => ownWords(readFileSync(path.join(folder, name), 'utf8'), [inScript])), []);
  });

  it('would be seen', () => {
    const planted = [`page('x/y', { title: 'Your invoices are here' })`, `{ text: 'Thank you for paying.' }`, `refuse('email', 'Enter an address')`, `setFlash(req, 'success', 'It is saved.')`, `setFlash(req, fine(1) ? 'success' : 'info', "It is saved.")`];
    assert.deepEqual(planted.filter((text) => ownWords(text, [spoken, told]).length === 0), []);
    assert.equal(ownWords(`button.textContent = 'Copied to clipboard';`, [inScript]).length, 1);
    assert.deepEqual(ownWords(`page('x/y', { title: req.t('x.title') }); refuse('email', req.t('x.wrong')); { text: 'passkeys.mail-removed' }`, [spoken, told]), []);
  });
});
