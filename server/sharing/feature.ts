import { howToGetIn, whatPeopleCanDo } from '../invitation-letter/what-is-on.ts';
import { onColor } from '../platform/colour.ts';
import { page, type Reply } from '../platform/replies.ts';
import { get } from '../platform/routes.ts';
import type { Feature } from '../tenancy/feature.ts';
import type { PublicRequest, StaffRequest } from '../tenancy/people.ts';

export const sharingFeature: Feature = {
  key: 'sharing',
  public: [get('/instructions', showInstructions)],
  staff: [get('/staff/link', showLink, { area: 'invitations' })],
};

/** S2-38: the page that an organization hands out, on paper or as an address. */
function showInstructions(req: PublicRequest): Reply {
  const { site } = req.tenant;
  return page('sharing/instructions', { title: req.t('sharing.instructions-title', { portal: site.typeLabel }), address: `${req.origin}/`, steps: howToGetIn(site, req.t), can: whatPeopleCanDo(site, req.t) });
}

/** S1-3, S1-4, S1-90: the address, a button for the organization's website, and why it is never embedded. */
function showLink(req: StaffRequest): Reply {
  const address = `${req.origin}/`;
  const label = escapeHtml(req.tenant.site.typeLabel);
  const color = req.tenant.site.brandColor;
  const button = `<a href="${address}" target="_blank" rel="noopener" style="display:inline-block;padding:12px 20px;border-radius:8px;background:${color};color:${onColor(color)};font:600 16px system-ui,sans-serif;text-decoration:none">${label}</a>`;
  return page('sharing/link', { title: req.t('sharing.link-title', { portal: req.tenant.site.typeLabel }), address, button, facebook: `https://www.facebook.com/sharer/sharer.php?u=${encodeURIComponent(address)}`, instructions: `${address}instructions` });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
