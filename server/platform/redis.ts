import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type RedisClientType } from '@redis/client';
import type { Logger } from 'pino';

export type StoreLog = Pick<Logger, 'warn'>;

/**
 * Comes back after 1.5 s at the latest, connected or not: the client goes on trying, and until it succeeds each command
 * fails at once. Callers still need a deadline around each command (deadline.ts).
 */
export async function openRedis(url: string, log: StoreLog): Promise<RedisClientType> {
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    // The client's own would keep a timer and a signal of each command for five seconds after its answer; see deadline.ts.
    commandOptions: { timeout: 0 },
    // Shorter than socketTimeout, or an idle connection would be closed again and again.
    pingInterval: 1000,
    socket: { connectTimeout: 1000, socketTimeout: 2000, reconnectStrategy: (tries) => Math.min(50 * tries, 1000) },
  });
  client.on('error', (error: unknown) => log.warn({ err: error }, 'Redis'));
  const connecting = client.connect().catch(() => undefined);
  await Promise.race([connecting, delay(1500, undefined, { ref: false })]);
  return client;
}

export async function closeRedis(client: RedisClientType): Promise<void> {
  if (client.isReady) await Promise.race([client.close(), delay(1000)]);
  if (client.isOpen) client.destroy();
}
