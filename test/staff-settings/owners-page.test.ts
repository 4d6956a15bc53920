import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ownedWorld } from '../support/staff-visit.ts';

describe('what the owner of a field service sets', () => {
  it('S4-55 stands on the settings pages: name, tabs, open tickets, submitting, resource, prepayments, social pages, and the custom fields beside them', async () => {
    const { owner } = await ownedWorld('fieldservice');
    const places: Readonly<Record<string, readonly RegExp[]>> = {
      portal: [/name="portal\.display_name"/],
      navigation: [/name="tab-tickets-enabled"|name="tabs[^"]*tickets/, /name="tab-services-enabled"|name="tabs[^"]*services/],
      tickets: [/name="tickets\.view_open"/, /name="tickets\.submit"/, /name="tickets\.default_resource"/],
      billing: [/name="billing\.prepayments"/],
      contact: [/name="social\.facebook"/, /name="social\.twitter"/, /name="social\.linkedin"/],
    };
    for (const [section, fields] of Object.entries(places)) {
      const { text, status } = await owner.get(`/staff/settings/${section}`);
      assert.equal(status, 200, section);
      for (const field of fields) assert.match(text, field, section);
    }
    assert.equal((await owner.get('/staff/custom-fields')).status, 200);
  });
});
