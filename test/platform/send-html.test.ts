import assert from 'node:assert/strict';
import express from 'express';
import { describe, it } from 'mocha';
import request from 'supertest';
import { sendHtml } from '../../server/platform/send-html.ts';

describe('a page on its way', () => {
  const pages = { ascii: 'plain', latin: 'Señora Peña · 5 §', beyond: 'Bestie’s “invoice” – 5 €…', far: '教室 😀 קבלה', long: 'é😀’'.repeat(100_000), broken: 'a\ud800b', empty: '' };
  const app = express().get('/:name', (req, res) => sendHtml(pages[req.params.name as keyof typeof pages], res));

  for (const [name, html] of Object.entries(pages)) {
    it(`arrives as it was drawn, in as many bytes as it says: ${name}`, async () => {
      const { body, headers } = await request(app).get(`/${name}`).buffer(true).parse((res, done) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
      });
      const expected = Buffer.from(html);
      assert.ok(expected.equals(body as Buffer));
      assert.equal(headers['content-length'], String(expected.length));
      assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    });
  }
});
