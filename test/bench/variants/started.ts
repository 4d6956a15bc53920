import { readTold } from '../told.ts';

/** The product as `npm start` starts it in production: built, on a database that stands and is migrated. */
const { port, databaseUrl, ownerUrl, workerUrl, redisUrl, secret, domain, folder } = readTold();
Object.assign(process.env, {
  PORT: String(port), BASE_DOMAIN: domain, DATA_DIR: folder, DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: ownerUrl, DATABASE_WORKER_URL: workerUrl,
  SESSION_SECRET: secret, ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'), ...(redisUrl && { REDIS_URL: redisUrl }),
});
await import(new URL('../../../build/main.js', import.meta.url).href);
