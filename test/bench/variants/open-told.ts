import { createLog } from '../../../server/platform/log.ts';
import { openPortal, type Portal } from '../../../server/portal.ts';
import type { Told } from '../told.ts';

/** The product itself in production mode, everything on: wall, sessions, CSRF, headers, limits, metrics and a log line for each request. */
export function openTold(told: Told): Promise<Portal> {
  return openPortal({
    production: true, port: told.port, baseDomain: told.domain, dataDir: told.folder, encryptionKeys: [Buffer.alloc(32, 7)], redisUrl: told.redisUrl, smtpUrl: told.smtpUrl,
    sessionSecret: told.secret, trustProxy: ['127.0.0.1'], metricsAllow: ['127.0.0.0/8'], stripe: { secretKey: '', webhookSecret: '', apiBase: 'https://api.stripe.com' },
  }, { webUrl: told.databaseUrl, sandboxUrl: told.sandboxUrl ?? 'http://127.0.0.1:9', log: createLog('info') });
}
