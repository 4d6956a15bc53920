import { z } from 'zod';

/** How the settings page lets an owner edit a value. */
export type Control = 'text' | 'lines' | 'colour' | 'choice' | 'zone' | 'currency' | 'set' | 'number' | 'tabs' | 'email' | 'url' | 'stripe-account' | 'handle' | 'picture';

export interface Setting<Type extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly initial: z.infer<Type>;
  readonly control: Control;
  readonly choices?: readonly string[];
  /** Numbers: the least and the most. Texts: how many characters. */
  readonly min?: number;
  readonly max?: number;
}

export function text(max: number, initial: string, control: Control = 'text', min = 0) {
  return { type: z.string().trim().min(min).max(max), initial, control, min, max };
}
export function oneOf(choices: readonly string[], initial: string, control: Control) {
  return { type: z.string().refine((value) => choices.includes(value)), initial, control, choices };
}
export function choice<const Options extends readonly [string, ...string[]]>(options: Options, initial: Options[number]) {
  return { type: z.enum(options), initial, control: 'choice' as const, choices: options };
}
export function set<const Options extends readonly [string, ...string[]]>(options: Options, initial: readonly Options[number][], min = 0) {
  return { type: z.array(z.enum(options)).min(min), initial: [...initial], control: 'set' as const, choices: options, min };
}
export function whole(min: number, max: number, initial: number) {
  return { type: z.number().int().min(min).max(max), initial, control: 'number' as const, min, max };
}
/** Yes or no. A form sends it as text. */
export function flag(initial: boolean) {
  const type = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());
  return { type, initial, control: 'choice' as const, choices: ['true', 'false'] };
}
/** One thing on each line, none twice. */
export function lineList(most: number, longest: number, initial: string, each: RegExp, min = 0) {
  const isList = (value: string) => {
    const lines = value.split('\n').map((line) => line.trim()).filter(Boolean);
    return lines.length >= min && lines.length <= most && new Set(lines.map((line) => line.toLowerCase())).size === lines.length && lines.every((line) => line.length <= longest && each.test(line));
  };
  return { type: z.string().trim().max(most * (longest + 1)).refine(isList), initial, control: 'lines' as const, min, max: most * (longest + 1) };
}
export function email() {
  return { type: z.union([z.literal(''), z.email().max(200)]), initial: '', control: 'email' as const, max: 200 };
}
export function webAddress() {
  return { type: z.union([z.literal(''), z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).max(300)]), initial: '', control: 'url' as const, max: 300 };
}
export function stripeAccount() {
  return { type: z.union([z.literal(''), z.string().trim().regex(/^acct_\w{1,60}$/)]), initial: '', control: 'stripe-account' as const, max: 65 };
}

/** The name of a page at a social network, as its address ends: 'acme', or 'company/acme'. */
export function handle() {
  return { type: z.string().regex(/^([\w.-]{1,80}\/)?[\w.-]{1,80}$|^$/), initial: '', control: 'handle' as const, max: 161 };
}

/** The name of an uploaded picture: what it holds, and its size. */
export function picture() {
  return { type: z.string().regex(/^([0-9a-f]{64}-\d{1,4}x\d{1,4})?$/), initial: '', control: 'picture' as const };
}
