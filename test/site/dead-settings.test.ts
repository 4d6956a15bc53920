import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { settingNames } from '../../server/settings/schema.ts';

const root = path.join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
/** What the settings do among themselves. */
const isOwn = (file: string) => /^(?:server|views)\/(?:settings|site|settings-drafts|staff-settings)\//.test(file);
const isQuestions = (file: string) => /site\/(site|.*-questions)\.ts$/.test(file);

interface Question {
  readonly name: string;
  readonly body: string;
}

/** The named questions of Site, with what stands in each. */
function listQuestions(): Question[] {
  const texts = globSync('server/site/*.ts', { cwd: root }).filter(isQuestions).map(textOf);
  return texts.flatMap((text) => text.split(/\n {2}\}\n/)).flatMap((body) => {
    const name = /^ {2}(?:get )?(\w+)(?:<[^(]*>)?\(/m.exec(body)?.[1];
    return name && name !== 'constructor' ? [{ name, body: body.replace(/\/\*\*[\s\S]*?\*\//g, '') }] : [];
  });
}

describe('no setting is dead', () => {
  it('S1-2 each setting is asked by a question of Site that the product asks: in a handler, a job, a mail or a view', () => {
    const questions = listQuestions();
    assert.ok(questions.length > 40);
    const outside = [...globSync('server/**/*.ts', { cwd: root }), ...globSync('views/**/*.ejs', { cwd: root })].filter((file) => !isOwn(file)).map(textOf).join('\n');
    const isAsked = (name: string) => new RegExp(`(\\.${name}\\b|[{,] *${name}\\b[^;\\n]*\\} = [^;\\n]*\\bsite\\b)`).test(outside);
    const asked = new Set(questions.filter(({ name }) => isAsked(name)).map(({ name }) => name));
    // What only other questions ask is asked as long as they are.
    for (let size = -1; size !== asked.size;) {
      size = asked.size;
      const heard = questions.filter(({ name }) => asked.has(name)).map(({ body }) => body).join('\n');
      for (const { name } of questions) if (new RegExp(`this\\.${name}\\b`).test(heard)) asked.add(name);
    }
    const living = questions.filter(({ name }) => asked.has(name)).map(({ body }) => body).join('\n');
    const isLiving = (setting: string) => living.includes(`'${setting}'`) || (setting === 'tabs' && /document\.tabs/.test(living)) || living.includes(`\`${setting.replace(/\.[^.]+$/, '')}.\${`);
    assert.deepEqual(settingNames.filter((name) => !isLiving(name)), []);
    assert.deepEqual(questions.filter(({ name }) => !asked.has(name)).map(({ name }) => name), []);
  });
});
