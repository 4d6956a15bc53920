import { createServer } from 'node:http';
import { readTold } from '../told.ts';
import { openTold } from './open-told.ts';

const told = readTold();
const portal = await openTold(told);
createServer(portal.app).listen(told.port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
