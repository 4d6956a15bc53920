import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { makeWorld, sql } from '../support/world.ts';
import { countsOf, errorsOf, load } from './files.ts';

const names = 'select name from app.accounts order by external_id';

describe('an imported file', () => {
  it('may begin with a byte order mark, be parted by semicolons, end its lines in CRLF and quote its cells', async () => {
    const world = await makeWorld('studio');
    const run = await load(world, 'accounts', '\u{feff}external_id;name;city\r\nA;"Ash; ""the tall""";Łódź\r\n\r\nB;Birch, Anna ;\r\n;;\r\n');
    assert.equal(countsOf(run), 'done: 2 created, 0 updated, 0 unchanged');
    const found = await sql(world, 'select name, city from app.accounts order by external_id');
    assert.deepEqual(found, [{ name: 'Ash; "the tall"', city: 'Łódź' }, { name: 'Birch, Anna', city: null }]);
  });

  it('keeps texts that look like formulas as they are', async () => {
    const world = await makeWorld('studio');
    await load(world, 'accounts', ['external_id,name', `A,"=HYPERLINK(""http://x"")"`, 'B,+1-1', 'C,@SUM(1)', String.raw`D,\N`, String.raw`E,back\slash`]);
    assert.deepEqual((await sql<{ name: string }>(world, names)).map(({ name }) => name), ['=HYPERLINK("http://x")', '+1-1', '@SUM(1)', String.raw`\N`, String.raw`back\slash`]);
  });

  for (const end of ['\n', '\r\n']) {
    it(`counts lines as an editor does, with cells over several lines that end in ${JSON.stringify(end)}`, async () => {
      const world = await makeWorld('studio');
      await load(world, 'accounts', ['external_id,name', 'A,Ash']);
      const lines = ['external_id,account,issued_on,total,memo', 'i-1,A,2026-10-01,1.00,"one', 'two', '', 'three"', '', 'i-2,A,2026-10-99,1.00,', 'i-3,A,2026-10-01,1.00,"a', 'b"', 'i-4,X,2026-10-01,1.00,'];
      assert.deepEqual(errorsOf(await load(world, 'invoices', lines.join(end))), ['7 issued_on: "2026-10-99" is not a day. Write it like 2026-11-09']);
      const good = lines.join(end).replace('10-99', '10-02');
      assert.deepEqual(errorsOf(await load(world, 'invoices', good)), ['10 account: No account has the external_id X.']);
      await load(world, 'invoices', good.replace(',X,', ',A,'));
      assert.deepEqual(await sql(world, `select memo from app.invoices where external_id = 'i-1'`), [{ memo: 'one\ntwo\n\nthree' }]);
    });
  }

  it('names what is wrong with its header', async () => {
    const world = await makeWorld('studio');
    const errors = ['1 colour: No column has this name (column 2 of the file).', '1 city: This column is in the header twice.', '1 name: This column is missing from the header.'];
    assert.deepEqual(errorsOf(await load(world, 'accounts', ['external_id,colour,city,CITY', 'A,red,x,y'])).toSorted(), errors.toSorted());
    assert.deepEqual(errorsOf(await load(world, 'accounts', '')), ['0 : The file is empty. Its first row must name the columns.']);
    assert.equal(countsOf(await load(world, 'accounts', 'Name,External_ID\n')), 'done: 0 created, 0 updated, 0 unchanged');
  });

  const broken: [string, string | Buffer, string][] = [
    ['a quotation mark that is never closed', 'external_id,name\nA,Ash\nB,"Birch\nC,Cedar\n', '4 : A quotation mark that begins a cell is never closed.'],
    ['a quotation mark inside a cell', 'external_id,name\nA,"Ash" tree\n', '2 : There is a quotation mark inside a cell. Put the whole cell in quotation marks and double those inside it.'],
    ['a row without end', `external_id,name\nA,"${'x'.repeat(200_000)}"\n`, '2 : This row is too long. A quotation mark may not be closed.'],
    ['text of another encoding', Buffer.from('external_id,name\nA,Müller\n', 'latin1'), '2 name: This is not UTF-8 text. Save the file as CSV UTF-8.'],
    ['UTF-16', Buffer.from('\u{feff}external_id,name\nA,Ash\n', 'utf16le'), '1 : This is not UTF-8 text. Save the file as CSV UTF-8.'],
    ['too many cells in a row', 'external_id,name\nA,Ash,Birch\n', '2 : The row has 3 cells, the header 2.'],
    ['too few cells in a row', 'external_id,name,city\nA,Ash\n', '2 : The row has 2 cells, the header 3.'],
    ['a control character', 'external_id,name\nA,As\u0007h\n', '2 name: The cell has a character in it that cannot be printed.'],
    ['a line break where none may be', 'external_id,name\nA,"As\nh"\n', '2 name: The cell has a character in it that cannot be printed.'],
  ];
  for (const [what, content, error] of broken) {
    it(`is refused for ${what}`, async () => {
      assert.deepEqual(errorsOf(await load(await makeWorld('studio'), 'accounts', content)), [error]);
    });
  }

  it('lists a thousand errors and counts all of them', async () => {
    const run = await load(await makeWorld('studio'), 'accounts', ['external_id,name', ...Array.from({ length: 1500 }, (_, at) => `A-${at},`)]);
    assert.deepEqual([run.status, run.errors.length, run.errorCount, run.rowsSeen], ['refused', 1000, 1500, 1500]);
  });
});
