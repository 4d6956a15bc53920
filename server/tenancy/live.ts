import type { Request, Response } from 'express';
import { read } from '../platform/database.ts';
import { signInOf } from '../platform/session.ts';
import { withTenant } from './tenant-transaction.ts';

/** Tells open pages that something has changed. Nothing of it is said: a page asks for itself again, as whoever has it open. */
export interface Live {
  /** Keeps the answer open; null as the account hears of all of them. */
  readonly open: (req: Request, res: Response, accountId: string | null) => void;
  readonly tell: (tenantId: string, accountId: string) => void;
  /** After news may have been missed. */
  readonly tellAll: () => void;
  readonly endSignIn: (signInId: string) => void;
  readonly close: () => void;
}

interface Stream {
  readonly tenantId: string;
  readonly signInId: string;
  readonly accountId: string | null;
  readonly res: Response;
}

const most = 2000;
const mostOfOne = 6;
const beatMilliseconds = 25_000;

export function createLive(onError: (error: unknown) => void, beat = beatMilliseconds): Live {
  const streams = new Set<Stream>();
  const end = (stream: Stream) => {
    streams.delete(stream);
    stream.res.end();
  };
  const send = (wanted: (stream: Stream) => boolean) => {
    for (const stream of streams) if (wanted(stream)) stream.res.write('event: changed\ndata:\n\n');
  };
  const check = async () => {
    for (const stream of streams) stream.res.write(': beat\n\n');
    for (const [tenantId, theirs] of Map.groupBy(streams, (stream) => stream.tenantId)) {
      const living = await livingSignIns(tenantId, theirs.map(({ signInId }) => signInId));
      for (const stream of theirs) if (!living.has(stream.signInId)) end(stream);
    }
  };
  const timer = setInterval(() => void check().catch(onError), beat);
  timer.unref();
  return {
    open: (req, res, accountId) => {
      const signInId = req.looking ? undefined : signInOf(req, req.tenant.id);
      const hasRoom = streams.size < most && [...streams].filter((stream) => stream.signInId === signInId).length < mostOfOne;
      // 204 tells a browser not to come again: the page stays as it is until it is loaded anew.
      if (!signInId || !hasRoom) {
        res.status(204).end();
        return;
      }
      const stream: Stream = { tenantId: req.tenant.id, signInId, accountId, res };
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' });
      res.write('retry: 3000\n\n');
      streams.add(stream);
      res.once('close', () => streams.delete(stream));
    },
    tell: (tenantId, accountId) => send((stream) => stream.tenantId === tenantId && (stream.accountId === null || stream.accountId === accountId)),
    tellAll: () => send(() => true),
    endSignIn: (signInId) => {
      for (const stream of streams) if (stream.signInId === signInId) end(stream);
    },
    close: () => {
      clearInterval(timer);
      for (const stream of streams) end(stream);
    },
  };
}

/** Looking does not count as being there: an open page keeps nobody signed in. */
async function livingSignIns(tenantId: string, ids: readonly string[]): Promise<Set<string>> {
  const text = 'select id from app.sign_ins where id = any($1::uuid[]) and ended_at is null and expires_at > now() and seen_at > now() - make_interval(mins => idle_minutes)';
  return new Set((await withTenant(tenantId, () => read<{ id: string }>('living-sign-ins', text, [[...new Set(ids)]]))).map(({ id }) => id));
}
