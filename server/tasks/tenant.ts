import { parseArgs } from 'node:util';
import { readConfig, StartError, type Config } from '../config.ts';
import { resetDemo } from '../operator/reset-demo.ts';
import { closeDatabase, connectTo } from '../platform/database.ts';
import { pendingMigrations } from '../platform/migrations.ts';
import { openDatabase } from '../platform/postgres/open-database.ts';
import { runProgram, say } from '../platform/program.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { TenantRefused } from '../tenancy/create-tenant.ts';
import { createFromPack } from './tenant/create.ts';
import { importFolder } from './tenant/import.ts';
import { listAll, setStatus } from './tenant/status.ts';
import { giveStripeAccount } from './tenant/stripe.ts';

const usage = `Usage:
  npm run tenant -- create NAME --pack PACK --owner EMAIL [--name "What people read"]
  npm run tenant -- list
  npm run tenant -- suspend NAME
  npm run tenant -- reactivate NAME
  npm run tenant -- import NAME FOLDER
  npm run tenant -- reset-demo NAME
  npm run tenant -- stripe-account NAME acct_…`;

interface Given {
  readonly config: Config;
  readonly ownerUrl: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<'pack' | 'owner' | 'name', string | undefined>>;
}

interface Command {
  /** How many words stand after the command. */
  readonly words: number;
  readonly needs?: readonly (keyof Given['options'])[];
  readonly work: (given: Given) => Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  create: {
    words: 1,
    needs: ['pack', 'owner'],
    work: ({ config, words: [slug = ''], options: { pack = '', owner = '', name } }) => createFromPack(config, { slug, pack, owner, name }),
  },
  list: { words: 0, work: ({ config }) => listAll(config) },
  suspend: { words: 1, work: ({ words: [slug = ''] }) => setStatus(slug, 'suspended') },
  reactivate: { words: 1, work: ({ words: [slug = ''] }) => setStatus(slug, 'active') },
  'stripe-account': { words: 2, work: ({ config, ownerUrl, words: [slug = '', account = ''] }) => giveStripeAccount(config, ownerUrl, slug, account) },
  'reset-demo': {
    words: 1,
    work: async ({ words: [slug = ''] }) => say(`${slug} is as on its first day. The old one is kept, switched off, as ${await resetDemo(slug)}.`),
  },
  import: { words: 2, work: ({ words: [slug = '', folder = ''] }) => importFolder(slug, folder) },
};

/** What an operator does with organizations, beside a running portal or without one. */
await runProgram(async ({ onStop }) => {
  const { command, words, options } = readArguments(process.argv.slice(2));
  if (!command) return say(usage);
  const config = readConfig(process.env);
  const database = await openDatabase(config, { say, join: true });
  onStop(database.stop);
  if ((await pendingMigrations(database.ownerUrl)).length > 0) await prepareDatabase(database);
  connectTo(database.webUrl);
  onStop(closeDatabase);
  await command.work({ config, ownerUrl: database.ownerUrl, words, options }).catch((error: unknown) => {
    throw error instanceof TenantRefused ? new StartError(error.message) : error;
  });
  await closeDatabase();
  await database.stop();
});

function readArguments(given: string[]): { command?: Command; words: string[]; options: Given['options'] } {
  const { values, positionals: [name = '', ...words] } = parse(given);
  const options = { pack: values.pack, owner: values.owner, name: values.name };
  if (values.help || !name) return { words, options };
  const command = commands[name];
  if (!command) throw new StartError(`There is no command "${name}".\n${usage}`);
  const missing = (command.needs ?? []).filter((option) => !options[option]).map((option) => `--${option}`);
  if (missing.length) throw new StartError(`"${name}" needs ${missing.join(' and ')}.\n${usage}`);
  if (words.length !== command.words) throw new StartError(`"${name}" takes ${command.words} ${command.words === 1 ? 'name' : 'names'}, not ${words.length}.\n${usage}`);
  return { command, words, options };
}

function parse(given: string[]) {
  const option = { type: 'string' } as const;
  try {
    return parseArgs({ args: given, allowPositionals: true, options: { pack: option, owner: option, name: option, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new StartError(`${(error as Error).message.split('.')[0] ?? ''}.\n${usage}`);
  }
}
