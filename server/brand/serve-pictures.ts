import type { RequestHandler } from 'express';
import { NotFound } from '../platform/errors.ts';

export const pictureKey = (tenantId: string, name: string): string => `brand/${tenantId}/${name}.webp`;

/** The organization's logo and banner, for everybody who knows the address: what they hold is in it, so a browser may keep them for ever. */
export const servePictures: RequestHandler = async (req, res) => {
  const [, name] = /^([0-9a-f]{64}-\d{1,4}x\d{1,4})\.webp$/.exec(String(req.params['picture'])) ?? [];
  const content = name && (await req.outside.files.read(pictureKey(req.tenant.id, name)));
  if (!content) throw new NotFound('no such picture');
  res.set('Cache-Control', 'public, max-age=31536000, immutable').type('webp').send(content);
};
