import { Client } from 'pg';
import { findWallFaults } from '../tenancy/wall-check.ts';
import { readCharges, unmatchedCharges, type Charge } from './charges.ts';
import { ledgerRules } from './ledger-rules.ts';
import { moneyRules, openEndRules } from './money-rules.ts';
import { parentRules } from './parent-rules.ts';
import type { Rule } from './rule.ts';

export interface InvariantUrls {
  readonly ownerUrl: string;
  readonly webUrl: string;
  readonly workerUrl: string;
  /** Without it, charges and attempts are not held against each other (I3). */
  readonly sandboxUrl?: string | undefined;
}

export interface InvariantFault {
  readonly id: string;
  readonly name: string;
  /** The organization's slug; '' for what concerns all of them. */
  readonly tenant: string;
  readonly object: string;
  readonly detail: string;
}

export interface InvariantReport {
  readonly faults: readonly InvariantFault[];
  readonly tenants: number;
  readonly rows: number;
}

/** What does not hold, at most 20 lines for each rule and organization. Having seen no organization, or no money in any, is a fault, too. */
export async function findInvariantFaults(urls: InvariantUrls, tenantIds?: readonly string[]): Promise<readonly InvariantFault[]> {
  return (await checkInvariants(urls, tenantIds)).faults;
}

/** Looks at every organization, or at these, each in one snapshot: forced row level security blinds the owner to all others. */
export async function checkInvariants(urls: InvariantUrls, tenantIds?: readonly string[]): Promise<InvariantReport> {
  const charges = urls.sandboxUrl ? await readCharges(urls.sandboxUrl) : undefined;
  const owner = new Client({ connectionString: urls.ownerUrl });
  await owner.connect();
  try {
    const rules = [...ledgerRules, ...moneyRules, ...openEndRules, ...(await parentRules(owner))];
    const tenants = (await owner.query<Tenant>('select id, slug from app.tenants order by slug')).rows.filter(({ id }) => tenantIds?.includes(id) ?? true);
    const faults = [...(await wallFaults(urls)), ...(tenantIds ? [] : strayCharges(charges ?? [], tenants))];
    let rows = 0;
    for (const tenant of tenants) {
      const seen = await lookAt(owner, tenant, rules, charges);
      rows += seen.rows;
      faults.push(...seen.faults);
    }
    if (rows === 0) faults.push({ id: 'I0', name: tenants.length ? 'no money was seen' : 'no organization was seen', tenant: '', object: '', detail: '' });
    return { faults, tenants: tenants.length, rows };
  } finally {
    await owner.end();
  }
}

interface Tenant {
  readonly id: string;
  readonly slug: string;
}

async function lookAt(owner: Client, { id, slug }: Tenant, rules: readonly Rule[], charges: readonly Charge[] | undefined): Promise<{ faults: InvariantFault[]; rows: number }> {
  const faults: InvariantFault[] = [];
  const look = async ({ id: rule, name, sql }: Rule, values: readonly unknown[] = []) => {
    const found = await owner.query<{ object: string; detail: string }>(`select * from (${sql}) fault limit 20`, [...values]);
    faults.push(...found.rows.map(({ object, detail }) => ({ id: rule, name, tenant: slug, object, detail })));
  };
  await owner.query('begin isolation level repeatable read');
  try {
    await owner.query('select app.enter($1, null, $2, true)', [id, 'system']);
    for (const rule of rules) await look(rule);
    if (charges) {
      const own = charges.filter(({ tenantId, outcome }) => tenantId === id && outcome === 'succeeded');
      await look({ id: 'I3', name: 'a charge and an attempt do not match', sql: unmatchedCharges }, [JSON.stringify(own)]);
    }
    const counted = await owner.query<{ rows: string }>('select (select count(*) from app.invoices) + (select count(*) from app.payments) + (select count(*) from app.ledger_entries) as rows');
    return { faults, rows: Number(counted.rows[0]?.rows) };
  } finally {
    await owner.query('rollback');
  }
}

async function wallFaults({ ownerUrl, webUrl, workerUrl }: InvariantUrls): Promise<InvariantFault[]> {
  const found = await findWallFaults(ownerUrl, { web: roleIn(webUrl), worker: roleIn(workerUrl) });
  return found.map(({ rule, object }) => ({ id: 'I8', name: rule, tenant: '', object, detail: '' }));
}

function strayCharges(charges: readonly Charge[], tenants: readonly Tenant[]): InvariantFault[] {
  const known = new Set(tenants.map(({ id }) => id));
  return charges.filter(({ tenantId }) => !known.has(tenantId)).map(({ key, tenantId }) => ({ id: 'I3', name: 'a charge is nobody’s', tenant: '', object: key, detail: tenantId }));
}

function roleIn(url: string): string {
  return decodeURIComponent(new URL(url).username);
}
