import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { columns, type CellType, type Column } from '../../server/import/columns.ts';
import { readCell } from '../../server/import/reading/read-cell.ts';

/** What no cell of the type may hold, and what it may. */
const cells: Readonly<Record<CellType, { bad: readonly string[]; good: readonly (readonly [typed: string, value: string])[] }>> = {
  id: { bad: ['a b', 'a:b', 'a|b', 'x'.repeat(65), 'é', ','], good: [['FAM-0001/a.b_c', 'FAM-0001/a.b_c']] },
  number: { bad: ['INV 1', 'x'.repeat(31), 'a/b', '№1'], good: [['NW-104.2_1', 'NW-104.2_1']] },
  text: { bad: ['x'.repeat(501), 'a\u0000b', 'a\tb', 'caf\u{fffd}'], good: [] },
  email: { bad: ['maria', 'maria@', '@example.com', 'a b@example.com', `${'x'.repeat(250)}@e.com`, 'a@b.com, c@d.com'], good: [['m.b+x@example.com', 'm.b+x@example.com']] },
  day: { bad: ['2026-02-30', '2026-13-01', '01/02/2026', '2026-1-2', '0001-01-01', '2026-11-09T00:00', 'today'], good: [['2024-02-29', '2024-02-29']] },
  amount: { bad: ['1,250.00', '$5', '1e3', '1.234', '.5', '5.', ' ', '0x1', '90071992547409.92', 'NaN', '1.00-', '--1'], good: [['1234.5', '123450'], ['0012.00', '1200'], ['90071992547409.91', '9007199254740991']] },
  decimal: { bad: ['1.23456', '-1', '1,5', '1e3', 'two', '12345678901'], good: [['8.4375', '8.4375'], ['0', '0']] },
  'yes/no': { bad: ['true', 'Yes', '1', 'y', 'no thanks'], good: [['yes', 'yes'], ['no', 'no']] },
  fixed: { bad: ['nothing of these', 'ACTIVE'], good: [] },
  currency: { bad: ['usd', 'US', 'XYZ', '$', 'dollars'], good: [['EUR', 'EUR']] },
  list: { bad: ['inv-1', 'inv-1:', ':5.00', 'inv-1:0.00', 'inv-1:-5.00', 'inv-1:5.00|', 'inv-1:5.00,inv-2:5.00', 'inv-1:1,000.00', 'inv-1:1.00|inv-1:2.00', 'inv 1:5.00'], good: [['inv-1:5.00 | inv-2:0.5', 'inv-1:500|inv-2:50']] },
};

const read = (column: Column, typed: string, currency: string | null = 'USD') => readCell(column, typed, currency);

describe('a cell', () => {
  for (const [noun, list] of Object.entries(columns)) {
    for (const column of list) {
      it(`${noun}.${column.name} refuses what it may not hold`, () => {
        for (const typed of cells[column.type].bad.filter((text) => text.trim() === text || text.includes('\t'))) assert.ok('error' in read(column, typed), typed);
        assert.equal('error' in read(column, ''), column.required === true);
      });
    }
  }

  it('means what it says', () => {
    for (const [type, { good }] of Object.entries(cells)) {
      for (const [typed, value] of good) assert.deepEqual(read({ name: 'x', type: type as CellType }, typed), { value });
    }
  });

  it('has as many decimals as its currency', () => {
    const amount: Column = { name: 'amount', type: 'amount' };
    assert.deepEqual(read(amount, '1200', 'JPY'), { value: '1200' });
    assert.ok('error' in read(amount, '1200.50', 'JPY'));
    assert.deepEqual(read(amount, '1.234', 'KWD'), { value: '1234' });
    assert.deepEqual(read(amount, '-10.00'), { value: '-1000' });
  });

  it('may be no less than its column allows', () => {
    assert.ok('error' in read({ name: 'total', type: 'amount', least: 'zero' }, '-0.01'));
    assert.deepEqual(read({ name: 'total', type: 'amount', least: 'zero' }, '0.00'), { value: '0' });
    assert.ok('error' in read({ name: 'amount', type: 'amount', least: 'more than zero' }, '0.00'));
  });

  it('means its default when it is empty', () => {
    assert.deepEqual(read({ name: 'may_sign_in', type: 'yes/no', initial: 'yes' }, ''), { value: 'yes' });
    assert.deepEqual(read({ name: 'memo', type: 'text' }, ''), { value: null });
  });

  it('keeps texts up to their length, and line breaks where they are allowed', () => {
    assert.ok('error' in read({ name: 'city', type: 'text', max: 100 }, 'x'.repeat(101)));
    assert.deepEqual(read({ name: 'memo', type: 'text', max: 500, lines: true }, 'a\r\nb'), { value: 'a\nb' });
  });
});
