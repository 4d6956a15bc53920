import { growthReport } from './growth.ts';
import { isMissed } from './gates.ts';
import { jobsReport } from './jobs.ts';
import { microReport } from './micro.ts';
import { endLeftovers, forgetStarted } from './leftovers.ts';
import { stopEverything } from './places.ts';
import { pagesReport } from './pages-report.ts';
import { writeReport, type Report } from './report.ts';
import { startupReport } from './startup.ts';
import { stormReport } from './storm.ts';
import { writeDocs } from './write-docs.ts';

/** npm run bench [-- pages|startup|growth|jobs|storm|micro|all] [--small] [--write]. --write puts the tables into docs/benchmarks.md. */
const reports: Readonly<Record<string, (isSmall: boolean, say: (line: string) => void) => Promise<Report>>> = { pages: pagesReport, startup: startupReport, growth: growthReport, jobs: jobsReport, storm: stormReport, micro: microReport };
const say = (line: string) => void process.stdout.write(`${line}\n`);
const isSmall = process.argv.includes('--small');
const asked = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? 'pages';
const names = asked === 'all' ? Object.keys(reports) : [asked];
const unknown = names.find((name) => !(name in reports));
if (unknown !== undefined) {
  say(`There is no benchmark "${unknown}". There are: ${Object.keys(reports).join(', ')} and all; --small, --write.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopEverything().then(forgetStarted).then(() => process.exit(130)));
await endLeftovers(say);

for (const name of names) {
  try {
    const report = await reports[name]!(isSmall, say);
    const { markdown, page } = writeReport(report);
    say(`\n${markdown}\nAs a page: ${page}`);
    if (process.argv.includes('--write')) writeDocs(name, markdown);
    if (report.gates.some(isMissed)) process.exitCode = 1;
  } catch (error) {
    say(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  } finally {
    await stopEverything();
  }
}
forgetStarted();
process.exit();
