import { createDemoTenants } from '../../server/operator/create-demo.ts';
import { closeDatabase, connectTo } from '../../server/platform/database.ts';

/** The part of a first start that makes the demo portals, as a program of its own that can be killed. */
connectTo(process.argv[2] ?? '');
await createDemoTenants((line) => process.stdout.write(`${line}\n`));
await closeDatabase();
