import { bases, type HolderRequest } from '../sign-ins/holder.ts';

/** Whether the organization lets this person set it up. What somebody has set up stays, whatever is decided later. */
export function mayUseTwoSteps(req: HolderRequest): boolean {
  return req.staff !== undefined || req.tenant.site.twoFactor !== 'off';
}

export function mustUseTwoSteps(req: HolderRequest): boolean {
  const { site } = req.tenant;
  if (!req.staff) return site.twoFactor === 'required';
  const { role } = req.staff;
  if (site.staffTwoFactor === 'automatic') return role === 'owner' && req.outside.production;
  return site.staffTwoFactor === 'everybody' || (site.staffTwoFactor === 'owners' && role === 'owner');
}

/** Where somebody is led who has to use two steps and has come in by the password alone. */
export function setUpFirst(req: HolderRequest): string | undefined {
  const { twoSteps } = req.staff ?? req.person ?? { twoSteps: true };
  return !twoSteps && mustUseTwoSteps(req) ? `${req.staff ? bases.staff : bases.customer}/two-step` : undefined;
}
