import { createServer } from 'node:http';
import { createLog } from '../../../server/platform/log.ts';
import { openPortal } from '../../../server/portal.ts';
import { readTold } from '../told.ts';

/** The product itself in production mode, everything on: wall, sessions, CSRF, headers, limits, metrics and a log line for each request. */
const told = readTold();
const portal = await openPortal({
  production: true, port: told.port, baseDomain: told.domain, dataDir: told.folder, encryptionKeys: [Buffer.alloc(32, 7)], redisUrl: told.redisUrl, smtpUrl: undefined,
  sessionSecret: told.secret, trustProxy: ['127.0.0.1'], metricsAllow: ['127.0.0.0/8'], stripe: { secretKey: '', webhookSecret: '', apiBase: 'https://api.stripe.com' },
}, { webUrl: told.databaseUrl, sandboxUrl: 'http://127.0.0.1:9', log: createLog('info') });
createServer(portal.app).listen(told.port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
