import { createServer } from 'node:http';
import { readTold } from '../told.ts';

/** (a) Bare HTTP: whatever was given to it is answered from memory. PUT what the product answers, then GET it. */
const pages = new Map<string, Buffer>();

createServer((req, res) => {
  if (req.method === 'PUT') {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      pages.set(req.url ?? '', Buffer.concat(parts));
      res.end();
    });
    return;
  }
  const page = pages.get(req.url ?? '');
  if (page) res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': page.length }).end(page);
  else res.writeHead(404).end();
}).listen(readTold().port, '127.0.0.1');
