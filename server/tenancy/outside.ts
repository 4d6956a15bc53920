import type { Transporter } from 'nodemailer';
import type { Logger } from 'pino';
import type { Gateway } from '../gateways/gateway.ts';
import type { StripeGateway } from '../gateways/stripe/stripe.ts';
import type { Files } from '../platform/files/files.ts';
import type { Limits } from '../platform/limits.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Live } from './live.ts';

/** The world outside the process, made by main.ts and played by tests. Handlers find it at req.outside. */
export interface Outside {
  readonly production: boolean;
  readonly port: number;
  readonly baseDomain: string;
  /** Newest first: the first one seals, all of them open. */
  readonly keys: readonly Buffer[];
  readonly gateways: { readonly sandbox: Gateway; readonly stripe: StripeGateway };
  /** null without an SMTP server. */
  readonly post: (Pick<Transporter, 'sendMail'> & { close(): Promise<void> }) | null;
  readonly files: Files;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly live: Live;
  readonly log: Logger;
}

/** The address people use for a portal. Made from stored names alone, never from what a request claims. */
export function originOf(outside: Pick<Outside, 'production' | 'port' | 'baseDomain'>, slug: string): string {
  const host = `${slug}.${outside.baseDomain}`;
  return outside.production ? `https://${host}` : `http://${host}:${outside.port}`;
}
