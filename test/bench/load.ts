import autocannon, { type Client, type Request } from 'autocannon';
import type { Places } from './places.ts';
import { cpuOf, machineTime, memoryOf, type Served } from './processes.ts';

export interface Ask {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One stretch of load on one variant. CPU in microseconds a request. */
export interface Slice {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly appUs: number;
  readonly databaseUs: number;
  readonly redisUs: number;
  readonly redisCalls: number;
  readonly memoryMb: number;
  readonly idle: number;
}

const connections = 16;

/** Sends that many requests and measures nothing: code is compiled by count, not by time. What is very slow is warm after twenty seconds. */
export async function warm(served: Served, asks: readonly Ask[], amount: number): Promise<void> {
  const until = Date.now() + 20_000;
  for (let left = amount; left > 0 && Date.now() < until; left -= atOnce) await send(served, asks, { amount: Math.min(left, atOnce) });
}

const atOnce = 500;

export async function measure(served: Served, asks: readonly Ask[], seconds: number, places: Places): Promise<Slice> {
  const before = await readings(served, places);
  const result = await send(served, asks, { duration: seconds });
  // A starved machine: nobody was answered in that time.
  if (!result.requests.total && seconds < 30) return measure(served, asks, seconds * 2, places);
  const after = await readings(served, places);
  const each = (name: 'app' | 'database' | 'redis' | 'calls') => (after[name] - before[name]) / result.requests.total;
  return {
    perSecond: result.requests.total / result.duration, p50: result.latency.p50, p99: result.latency.p99,
    appUs: each('app'), databaseUs: each('database'), redisUs: each('redis'), redisCalls: each('calls'), memoryMb: memoryOf(served.pid),
    idle: (after.machine.idle - before.machine.idle) / (after.machine.all - before.machine.all),
  };
}

async function readings(served: Served, { postmaster, redis }: Places) {
  const { cpuUs, calls } = (await redis?.readings()) ?? { cpuUs: 0, calls: 0 };
  return { app: cpuOf(served.pid), database: cpuOf(postmaster, true), redis: cpuUs, calls, machine: machineTime() };
}

/** Each connection has signed-in people of its own, who ask in turn. Any answer but 200 ends the run: a fast refusal is no result. */
async function send(served: Served, asks: readonly Ask[], how: { duration: number } | { amount: number }) {
  const result = await autocannon({ url: served.url, connections, ...how, ...sharedOut(asks, connections) });
  if (result.errors || result.non2xx) throw new Error(`${served.url}${asks[0]?.path}: ${result.errors} errors, ${result.non2xx} answers that are not 200`);
  return result;
}

/** For autocannon: each connection has requests of its own. */
export function sharedOut<T extends Request>(requests: readonly T[], among: number) {
  let next = 0;
  const share = Math.max(1, Math.floor(requests.length / among));
  return {
    requests: requests.slice(0, 1),
    setupClient: (client: Client) => {
      client.setRequests(requests.slice(next, next + share));
      next = (next + share) % (requests.length - share + 1);
    },
  };
}
