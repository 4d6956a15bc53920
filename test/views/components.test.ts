import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatsFor } from '../../server/platform/formats.ts';
import { iconsOfPage } from '../../server/platform/icons.ts';
import { translator } from '../../server/platform/text.ts';
import { draw } from '../../server/platform/views.ts';

const bare = { t: translator('en'), ...iconsOfPage(), ...formatsFor('en-US', 'USD', 'America/New_York'), errors: {}, typed: {}, query: {}, path: '/invoices', csrf: 'token', site: { currency: 'USD' } };
const component = (name: string, data: object, frame: object = {}): string => draw(`components/${name}`, data, { ...bare, ...frame });

describe('components', () => {
  it('a refused field says why, keeps what was typed, and tells both to a screen reader', () => {
    const html = component('field', { name: 'city', label: 'City', hint: 'Where you live' }, { errors: { city: 'Too long' }, typed: { city: '"Łódź"' } });
    assert.match(html, /value="&#34;Łódź&#34;"/);
    assert.match(html, /aria-describedby="city-hint city-error"/);
    assert.match(html, /aria-invalid="true"/);
    assert.match(html, /id="city-error">.*Too long/s);
  });

  it('a password is never written back into the page', () => {
    assert.doesNotMatch(component('field', { name: 'key', label: 'Key', type: 'password', value: 'old' }, { typed: { key: 'hunter2' } }), /hunter2|old/);
  });

  it('a check box that was taken away stays away when the form comes back', () => {
    assert.match(component('field', { name: 'a', label: 'A', type: 'checkbox', checked: true }), / checked/);
    assert.doesNotMatch(component('field', { name: 'a', label: 'A', type: 'checkbox', checked: true }, { typed: { other: 'x' } }), / checked/);
  });

  it('choices keep what was typed, one or several', () => {
    const options = ['a', 'b', 'c'].map((value) => ({ value, label: value }));
    const several = component('field', { name: 'x', label: 'X', type: 'checkboxes', options, value: ['a'] }, { typed: { x: ['b', 'c'] } });
    assert.deepEqual([...several.matchAll(/value="(\w)" checked/g)].map(([, value]) => value), ['b', 'c']);
    assert.match(component('field', { name: 'x', label: 'X', type: 'select', options, value: 'c' }), /value="c" selected/);
  });

  it('the summary of what was refused leads to each field', () => {
    const html = component('error-summary', { labels: { city: 'City' } }, { errors: { city: 'Too long', '': 'Try later' } });
    assert.match(html, /<a href="#city">City: Too long<\/a>/);
    assert.match(html, /<h2>Try later<\/h2>/);
    assert.match(component('error-summary', {}, { errors: { a: 'x', b: 'y' } }), /<h2>Check 2 things<\/h2>/);
    assert.equal(component('error-summary', {}).trim(), '');
  });

  it('the next page keeps what the list is filtered by', () => {
    const html = component('pager', { next: '2026-01-01_x' }, { query: { status: 'paid', after: 'old' } });
    assert.match(html, /href="\/invoices\?status=paid&amp;after=2026-01-01_x"/);
    assert.match(html, /href="\/invoices\?status=paid"/);
    assert.equal(component('pager', { next: '' }).trim(), '');
  });

  it('a filter is folded, says that it is on, and opens where something in it is wrong', () => {
    const fields = [{ name: 'least', label: 'At least', type: 'amount' }];
    assert.doesNotMatch(component('filter-bar', { fields, active: false }), / open|Clear the filter/);
    assert.match(component('filter-bar', { fields, active: true }, { query: { least: '5' } }), /value="5".*Clear the filter/s);
    assert.match(component('filter-bar', { fields, active: false, filterErrors: { least: 'Enter an amount' } }), /<details open>.*Enter an amount/s);
  });

  it('a status is a word with a shape, not a colour alone', () => {
    for (const kind of ['good', 'wait', 'act', 'quiet']) assert.match(component('status', { kind, word: 'Said' }), /<svg.*<\/svg>Said/s);
  });

  it('what cannot be taken back is said before it is done, and carries the token', () => {
    const html = component('confirm', { label: 'Delete', text: 'It will be gone.', action: '/x', button: 'Delete it', fields: { id: '7' } });
    assert.match(html, /<details.*<summary.*Delete.*<form method="post" action="\/x".*name="_csrf" value="token".*name="id" value="7".*It will be gone/s);
  });

  it('days are short when near and have their year when far', () => {
    const { nearDate, today } = bare;
    assert.match(nearDate(today()), /^\w{3}, \w{3} \d{1,2}$/);
    assert.equal(nearDate('2019-05-03'), 'May 3, 2019');
    assert.match(component('date', { day: null }), /–/);
  });
});
