import { BlockList, isIPv6 } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { NotFound } from './errors.ts';
import { routePattern } from './route-pattern.ts';

export interface PoolState {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Metrics {
  /** Times every request that passes it; stands before everything else. */
  readonly timeRequests: RequestHandler;
  /** The page that Prometheus reads; stands behind allowMetrics. */
  readonly page: RequestHandler;
  readonly countPayment: (gateway: string, outcome: string) => void;
  readonly watchPool: (name: string, read: () => PoolState) => void;
}

/** Process and event-loop figures come from prom-client; ours are requests, payments and pools. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const payments = new Counter({
    name: 'payments_total', help: 'Payment attempts by gateway and outcome', labelNames: ['gateway', 'outcome'], registers: [registry],
  });
  return {
    timeRequests: requestTimer(registry),
    page: async (_req, res) => {
      const text = await registry.metrics();
      res.set('Content-Type', registry.contentType).send(text);
    },
    countPayment: (gateway, outcome) => payments.inc({ gateway, outcome }),
    watchPool: poolGauge(registry),
  };
}

/** Passes the listed addresses and networks; for everybody else the page does not exist. */
export function allowMetrics(list: readonly string[] = ['127.0.0.0/8', '::1']): RequestHandler {
  let allowed: BlockList | undefined;
  return (req, _res, next) => {
    const address = req.ip?.replace(/^::ffff:(?=\d+\.)/, '');
    if (!address || isForwardedByStranger(req)) return next(new NotFound());
    allowed ??= blockList(list);
    return next(allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') ? undefined : new NotFound());
  };
}

function requestTimer(registry: Registry): RequestHandler {
  const duration = new Histogram({
    name: 'http_request_duration_seconds', help: 'Requests by route pattern', labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], registers: [registry],
  });
  return (req, res, next) => {
    const stop = duration.startTimer();
    res.once('finish', () => stop({ method: req.method, route: routePattern(req), status: res.statusCode }));
    next();
  };
}

function poolGauge(registry: Registry): Metrics['watchPool'] {
  const pools = new Map<string, () => PoolState>();
  const gauge = new Gauge({
    name: 'db_pool_connections', help: 'Connections by pool and state', labelNames: ['pool', 'state'], registers: [],
    collect() {
      for (const [pool, read] of pools) {
        for (const [state, count] of Object.entries(read())) this.set({ pool, state }, count);
      }
    },
  });
  registry.registerMetric(gauge);
  return (name, read) => void pools.set(name, read);
}

function blockList(list: readonly string[]): BlockList {
  const allowed = new BlockList();
  for (const item of list) {
    const [address = '', bits] = item.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) allowed.addAddress(address, family);
    else allowed.addSubnet(address, Number(bits), family);
  }
  return allowed;
}

/** A proxy on this machine that is not in TRUST_PROXY makes the whole world look like loopback. */
function isForwardedByStranger(req: Request): boolean {
  const forwarded = req.get('x-forwarded-for') ?? req.get('forwarded') ?? req.get('via');
  return forwarded !== undefined && req.ip === req.socket.remoteAddress;
}
