import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { formatsFor } from '../../server/platform/formats.ts';
import { schema } from '../../server/settings/schema.ts';

const locales = schema['tenant.locale'].choices;
const zones = ['America/New_York', 'America/St_Johns', 'Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];
const at = fc.date({ min: new Date('1972-06-01'), max: new Date('2099-01-01'), noInvalidDate: true });
const aroundAChange = fc.integer({ min: -7_200_000, max: 7_200_000 }).map((ms) => new Date(Date.parse('2026-11-01T06:00:00Z') + ms));
const readers = fc.record({ locale: fc.constantFrom(...locales), zone: fc.constantFrom(...zones), at: fc.oneof(at, aroundAChange) });

describe('formats', () => {
  it('C-17 say the day and the time in a zone as the platform’s own formatters do, in every locale', () => {
    fc.assert(fc.property(readers, ({ locale, zone, at: instant }) => {
      const { dateTime, dayOf } = formatsFor(locale, 'USD', zone);
      assert.equal(dateTime(instant), new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(instant));
      assert.equal(dayOf(instant.toISOString()), new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: zone }).format(instant));
    }), { numRuns: 3000 });
  });

  it('a log’s line says the second; in the hour that comes twice it says which of the two', () => {
    fc.assert(fc.property(readers, ({ locale, zone, at: instant }) => {
      const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit', timeZone: zone } as const;
      const said = (when: Date, name?: 'short') => new Intl.DateTimeFormat(locale, { ...parts, ...(name && { timeZoneName: name }) }).format(when);
      const hourAway = (hours: number) => new Date(instant.getTime() + hours * 3_600_000);
      const comesTwice = [1, -1].some((hours) => said(hourAway(hours)) === said(instant));
      const expected = said(instant, comesTwice ? 'short' : undefined).replace(', ', ' ').replaceAll('\u202f', ' ');
      assert.equal(formatsFor(locale, 'USD', zone).logTime(instant), expected);
    }), { numRuns: 3000 });
  });
});
