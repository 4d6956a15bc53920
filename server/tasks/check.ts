import { spawn } from 'node:child_process';

/** Everything that must hold before a change lands: the tests once, then what looks at the project itself. Ends with one line that counts. */
const steps = [
  ['npm', ['test']],
  ['npm', ['run', '-s', 'test:checks']],
] as const;

let passed = 0;
let failed = 0;
for (const [command, args] of steps) {
  const { code, counts } = await follow(command, args);
  passed += counts.passed;
  failed += counts.failed;
  if (code !== 0 && counts.failed === 0) failed += 1;
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed ? 1 : 0;

function follow(command: string, args: readonly string[]): Promise<{ code: number | null; counts: { passed: number; failed: number } }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let tail = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    tail = (tail + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const counts = { passed: 0, failed: 0 };
      for (const match of tail.matchAll(/^(\d+) passed, (\d+) failed$/gm)) Object.assign(counts, { passed: Number(match[1]), failed: Number(match[2]) });
      resolve({ code, counts });
    });
  });
}
