'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const BLOCK = 'CF_1';
const TEXT = {kind: 'text', pattern: '@'};
const NUMBER = {kind: 'number', pattern: '#,##0.00;(#,##0.00)'};
const DATE = {kind: 'date', pattern: 'yyyy-mm-dd'};
const MOMENT = {kind: 'datetime', pattern: 'yyyy-mm-dd hh:mm:ss'};
const BOOLEAN = {kind: 'boolean', pattern: '0'};
const COLUMNS = [TEXT, DATE, NUMBER];
const HEADER = ['Id', 'Date', '=Total'];
const ROWS = [['0012', 46000, 12.5], ['1-2', 46001, -3], ['=IMPORTXML("x")', '', '']];
const KEY = '0f'.repeat(32);

function writing(options = {}) {
  const {book, seen, world} = services({backend: () => [200, {}], ...options});
  const addon = load(world);
  const apply = (...operations) => plain(addon.applyOperations_(operations, BLOCK));
  return {addon, apply, book, seen};
}

/** The digest as docs/operations.md defines it, written down once more. */
function digest(chunks, key = KEY) {
  const hmac = (text) => crypto.createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex');
  const value = chunks.reduce((link, rows) => hmac(link + '\n' + JSON.stringify(rows)), hmac('counterfoil'));
  return {key, chunks: chunks.map((rows) => [rows.length, 1]), value};
}

function expectation(on, rows, columns, changes = {}) {
  return {
    op: 'expect', on, run: 'run_1', rows: rows.length + 1, columns: columns.length, header_rows: 1,
    kinds: columns.map((each) => each.kind), distinct: {column: 0, count: rows.length}, sums: [],
    digest: digest([rows]), ...changes,
  };
}

const tab = {op: 'ensure_tab', title: 'Invoices'};
const commit = (rows, columns = COLUMNS, header = HEADER) =>
  ({op: 'commit', header_rows: 1, columns, rows: [header, ...rows]});
const named = (rows, columns) => ({op: 'name_block', rows, columns});
const stage = (row, rows, header_rows) => ({op: 'stage', run: 'run_1', row, header_rows, columns: COLUMNS, rows});
const shown = (tab, rows, columns) => tab.getRange(1, 1, rows, columns).getValues()
  .map((row) => row.map((cell) => (cell instanceof Date ? cell.toISOString().slice(0, 10) : cell)));

test('a table lands typed: ids and hostile texts as text, dates as dates, amounts as numbers', () => {
  const {apply, book} = writing();
  assert.deepEqual(apply(tab, commit(ROWS), named(4, 3), expectation('block', ROWS, COLUMNS)), {
    applied: true, seen: {rows: 3, distinct: 3, sums: [], digest: true},
  });
  const sheet = book.named('Invoices');
  assert.deepEqual(shown(sheet, 4, 3), [
    ['Id', 'Date', '=Total'], ['0012', '2025-12-09', 12.5], ['1-2', '2025-12-10', -3], ['=IMPORTXML("x")', '', ''],
  ]);
  assert.equal(sheet.cell(2, 2).format, 'yyyy-mm-dd');
  assert.equal(sheet.cell(2, 3).format, NUMBER.pattern);
  assert.equal(sheet.cell(1, 2).format, '@');
});

test('no text is ever evaluated, whatever its column', () => {
  const texts = ['=1+1', "'=1+1", "'", '=', '+1', '-1', '@x', '1-2', '00123', 'TRUE', '1e5', '2026-01-02', ' ', '\u{1F600}',
    '9007199254740993123', '#REF!', '<b>x</b>', '\t=1', "''", '=HYPERLINK("http://x","y")'];
  for (const column of [TEXT, NUMBER, DATE, MOMENT, BOOLEAN]) {
    const {apply, book} = writing();
    const rows = texts.map((text) => ['x', text]);
    const columns = [TEXT, column];
    const done = apply(tab, {op: 'ensure_grid', rows: 40, columns: 2}, commit(rows, columns, ['=a', "'b"]), named(rows.length + 1, 2),
      expectation('block', rows, columns, {distinct: null}));
    assert.equal(done.why, undefined);
    const sheet = book.named('Invoices');
    assert.deepEqual(sheet.getRange(2, 2, texts.length, 1).getValues().map(([text]) => text), texts);
    assert.ok([...sheet.cells.values()].every((cell) => cell.formula === ''));
    assert.deepEqual(shown(sheet, 1, 2), [['=a', "'b"]]);
  }
});

test('a text in a column of numbers is text in that cell alone', () => {
  const {apply, book} = writing();
  apply(tab, commit([['1', '', 5], ['2', '', '7'], ['3', '', 9]]), named(4, 3));
  const sheet = book.named('Invoices');
  assert.deepEqual([2, 3, 4].map((row) => sheet.cell(row, 3).format), [NUMBER.pattern, '@', NUMBER.pattern]);
  assert.equal(sheet.cell(3, 3).value, '7');
});

test('a new tab takes the next free name, compared without case', () => {
  const {apply, book} = writing();
  book.tab('INVOICES');
  book.tab('invoices 2').hideSheet();
  apply(tab);
  assert.equal(book.tabs.at(-1).name, 'Invoices 3');
  assert.equal(book.getRangeByName(BLOCK).getSheet().name, 'Invoices 3');
});

test('a block that is there keeps its place, wherever it was moved', () => {
  const {apply, book} = writing();
  const sheet = book.named('Sheet1');
  book.setNamedRange(BLOCK, sheet.getRange(3, 2, 2, 2));
  apply(tab, {op: 'ensure_grid', rows: 4, columns: 3}, commit(ROWS), named(4, 3));
  assert.equal(book.tabs.length, 1);
  assert.equal(sheet.cell(3, 2).value, 'Id');
  assert.equal(sheet.cell(6, 2).value, '=IMPORTXML("x")');
});

test('a smaller table blanks what it no longer needs, in the same call', () => {
  const {apply, book} = writing();
  apply(tab, commit(ROWS), named(4, 3));
  book.calls.length = 0;
  apply(commit([['9', '']], [TEXT, DATE], ['Id', 'Date']), named(2, 2));
  const sheet = book.named('Invoices');
  assert.deepEqual(shown(sheet, 4, 3), [['Id', 'Date', ''], ['9', '', ''], ['', '', ''], ['', '', '']]);
  assert.equal(book.calls.filter((call) => call === 'setValues').length, 1);
  assert.equal(book.getRangeByName(BLOCK).getNumRows(), 2);
});

test('cells beside and below a block are left alone', () => {
  const {apply, book} = writing();
  apply(tab, commit(ROWS), named(4, 3));
  const sheet = book.named('Invoices');
  sheet.getRange(2, 4).setValues([['mine']]);
  sheet.getRange(6, 1).setValues([['mine too']]);
  apply(commit(ROWS.slice(0, 1)), named(2, 3));
  assert.equal(sheet.cell(2, 4).value, 'mine');
  assert.equal(sheet.cell(6, 1).value, 'mine too');
});

test('the grid grows until the block fits, and no further', () => {
  const {apply, book} = writing();
  apply(tab, {op: 'ensure_grid', rows: 25, columns: 7}, {op: 'ensure_grid', rows: 5, columns: 2});
  const sheet = book.named('Invoices');
  assert.deepEqual([sheet.rows, sheet.columns], [25, 7]);
});

test('a spreadsheet without room for it is not touched', () => {
  const {apply, book} = writing();
  book.named('Sheet1').rows = 1600000;
  const done = apply(tab, {op: 'ensure_grid', rows: 1000000, columns: 2});
  assert.deepEqual([done.applied, done.op, done.code], [false, 1, 'spreadsheet_full']);
  assert.match(done.why, /10 million/);
  assert.equal(book.named('Invoices').rows, 20);
});

test('an export in steps is staged out of sight, checked, and copied in one call', () => {
  const {apply, book} = writing();
  const parts = [ROWS.slice(0, 2), ROWS.slice(2)];
  const odd = [['7', 'no date', 'n/a']];
  assert.equal(apply(stage(0, [HEADER, ...parts[0]], 1)).applied, true);
  assert.equal(apply(stage(3, parts[1], 0)).applied, true);
  assert.equal(apply(stage(4, odd, 0)).applied, true);
  const hidden = book.named('CF stage run_1');
  assert.equal(hidden.hidden, true);
  assert.equal(book.active.name, 'Sheet1');
  const all = [...ROWS, ...odd];
  const whole = {distinct: {column: 0, count: 4}, digest: digest([...parts, odd])};
  book.calls.length = 0;
  const done = apply(
    expectation('stage', all, COLUMNS, whole), tab,
    {op: 'commit', run: 'run_1', header_rows: 1, columns: COLUMNS, stage_rows: 5}, named(5, 3),
    expectation('block', all, COLUMNS, whole), {op: 'drop_stage', run: 'run_1'});
  assert.deepEqual(done, {applied: true, seen: {rows: 4, distinct: 4, sums: [], digest: true}});
  assert.equal(book.calls.filter((call) => call === 'copyTo').length, 1);
  assert.equal(book.named('CF stage run_1'), undefined);
  const sheet = book.named('Invoices');
  assert.deepEqual([2, 5].map((row) => sheet.cell(row, 3).format), [NUMBER.pattern, '@']);
  assert.equal(sheet.cell(4, 1).value, '=IMPORTXML("x")');
});

test('a stage that is larger than the block it becomes blanks nothing beyond, a smaller one does', () => {
  const {apply, book} = writing();
  apply(tab, commit([...ROWS, ['4', '', 1], ['5', '', 2]]), named(6, 3));
  apply(stage(0, [HEADER, ...ROWS], 1));
  apply({op: 'commit', run: 'run_1', header_rows: 1, columns: COLUMNS, stage_rows: 4}, named(4, 3));
  assert.deepEqual(shown(book.named('Invoices'), 6, 3).slice(4), [['', '', ''], ['', '', '']]);
});

test('a step that comes twice fills the same cells', () => {
  const {apply, book} = writing();
  apply(stage(0, [HEADER, ...ROWS], 1));
  apply(stage(0, [HEADER, ...ROWS], 1));
  assert.equal(book.named('CF stage run_1').getLastRow(), 4);
});

test('a stage that is gone stops the run before the table changes', () => {
  const {apply, book} = writing();
  const done = apply(tab, {op: 'commit', run: 'run_1', header_rows: 1, columns: COLUMNS, stage_rows: 4});
  assert.deepEqual([done.op, done.code], [1, 'no_stage']);
  assert.equal(book.named('Invoices').getLastRow(), 0);
});

test('what differs is named, and nothing after it is done', () => {
  const cases = [
    [(sheet) => (sheet.cell(2, 3).value = 13), 'differs_sum', /the total of column 3, some cells/],
    [(sheet) => (sheet.cell(3, 1).value = '0012'), 'differs_distinct', /2 different ids instead of 3/],
    [(sheet) => (sheet.cell(4, 2).value = 'typed'), 'differs_digest', /\(some cells\)/],
    [(sheet) => Object.assign(sheet.cell(2, 3), {value: 12.5, formula: '=12.5'}), 'differs_formula', /formula/],
    [(sheet) => Object.assign(sheet.cell(1, 1), {formula: '=A2'}), 'differs_formula', /formula/],
  ];
  for (const [spoil, code, why] of cases) {
    const {apply, book} = writing();
    const look = expectation('block', ROWS, COLUMNS, {sums: [{column: 2, scale: 2, sum: '950'}]});
    assert.deepEqual(apply(tab, commit(ROWS), named(4, 3), look).seen.sums, ['950']);
    spoil(book.named('Invoices'));
    const done = apply(look, {op: 'note', row: 0, column: 0, text: 'too late'});
    assert.deepEqual([done.applied, done.op, done.code], [false, 0, code]);
    assert.match(done.why, why);
    assert.equal(book.named('Invoices').cell(1, 1).note, '');
  }
});

test('a block of another size is named as that', () => {
  const {apply} = writing();
  const done = apply(tab, commit(ROWS), named(3, 3), expectation('block', ROWS, COLUMNS));
  assert.equal(done.code, 'differs_size');
  assert.match(done.why, /3 by 3 cells instead of 4 by 3/);
});

test('a stage with more than was sent is not right', () => {
  const {apply, book} = writing();
  apply(stage(0, [HEADER, ...ROWS], 1));
  book.named('CF stage run_1').getRange(9, 1).setValues([['typed']]);
  const done = apply(expectation('stage', ROWS, COLUMNS));
  assert.deepEqual([done.code, done.why], ['stage_differs', 'What arrived in the sheet differs from what QuickBooks ' +
    'sent (9 by 3 cells instead of 4 by 3). Your table was not changed. Run it again.']);
});

test('a formula in a stage is no one’s work: the next run mends it', () => {
  const {apply, book} = writing();
  apply(stage(0, [HEADER, ...ROWS], 1));
  Object.assign(book.named('CF stage run_1').cell(2, 3), {value: 12.5, formula: '=12.5'});
  const done = apply(expectation('stage', ROWS, COLUMNS));
  assert.deepEqual([done.code, /sent \(a formula\)/.test(done.why)], ['stage_differs', true]);
});

test('blank last rows and columns of a stage are right', () => {
  const {apply} = writing();
  const rows = [['1', 46000, ''], ['', '', '']];
  apply(stage(0, [['Id', 'Date', ''], ...rows], 1));
  const done = apply(expectation('stage', rows, COLUMNS, {distinct: {column: 0, count: 2}}));
  assert.equal(done.applied, true);
});

test('an empty table, only a header, is proven too', () => {
  const {apply} = writing();
  const nothing = expectation('block', [], COLUMNS, {digest: digest([])});
  assert.deepEqual(apply(tab, commit([]), named(1, 3), nothing).seen, {rows: 0, distinct: 0, sums: [], digest: true});
});

test('a report of a thousand columns has room for its receipt, and is written again', () => {
  const {apply, book} = writing();
  const columns = new Array(1000).fill(TEXT);
  const titles = columns.map((_, i) => 'Title ' + i);
  const keys = 'abcdef'.repeat(1000);
  const run = (fence, rows, before) => {
    const {key, ...sent} = digest([rows]);
    const receipt = {op: 'receipt', run: 'run_1', fence, rows: 3, columns: 1000, keys, digest: sent, at: '2026-11-22T09:00:00+00:00'};
    return apply(...before, {op: 'ensure_grid', rows: 3, columns: 1000}, {...receipt, state: 'writing'},
      commit(rows, columns, titles), named(3, 1000), expectation('block', rows, columns, {marks: true}), {...receipt, state: 'done'});
  };
  const rows = (text) => ['1', '2'].map((id) => columns.map((_, i) => (i ? text : id)));
  const old = {op: 'expect', on: 'old', run: 'run_2', fence: 2, key: KEY, keys, titles, replace: false};
  assert.equal(run(1, rows('a'), [tab]).why, undefined);
  assert.equal(run(2, rows('b'), [old]).why, undefined);
  const [item] = book.named('Invoices').metadata;
  assert.equal(JSON.parse(item.value).fence, 2);
  assert.ok(item.key.length + item.value.length < 20000, String(item.value.length));
});

test('a run that was overtaken after it signed changes no cell', () => {
  const {apply, book} = writing();
  apply(tab, commit(ROWS), named(4, 3));
  const sheet = book.named('Invoices');
  const signed = {run: 'run_1', fence: 1, rows: 2, columns: 3, keys: '3yZ0Q_8kHb1xUw7Zq-', digest: {chunks: [[1, 1]], value: 'x'}};
  const sign = sheet.addDeveloperMetadata.bind(sheet);
  sheet.addDeveloperMetadata = (key, value, visibility) =>
    sign(key, JSON.stringify({...JSON.parse(value), run: 'run_2', fence: 2}), visibility);
  const done = apply({op: 'receipt', state: 'writing', ...signed}, commit(ROWS.slice(0, 1)));
  assert.deepEqual([done.applied, done.op, done.code], [false, 1, 'superseded']);
  assert.equal(sheet.cell(3, 1).value, '1-2');
});

test('a receipt replaces the one before it and holds the operation as it came', () => {
  const {apply, book} = writing();
  const receipt = {run: 'run_1', fence: 1, rows: 4, columns: 3, keys: '3yZ0Q_8kHb1xUw7Zq-', digest: {chunks: [], value: 'x'}, at: '2026-11-22T09:00:00+00:00'};
  apply(tab, {op: 'receipt', state: 'writing', ...receipt}, {op: 'receipt', state: 'done', ...receipt});
  const {metadata} = book.named('Invoices');
  assert.equal(metadata.length, 1);
  assert.equal(metadata[0].key, 'counterfoil:CF_1');
  assert.equal(metadata[0].visibility, 'DOCUMENT');
  assert.deepEqual(JSON.parse(metadata[0].value), {state: 'done', ...receipt});
});

test('looks: bold header and totals, indented names, frozen rows, widths', () => {
  const {apply, book} = writing();
  const rows = [['Income', '', ''], ['Design', '', 5], ['Total', '', 5]];
  apply(tab, commit(rows), named(4, 3), {
    op: 'format', header_row: 0, freeze: 1, widths: [200, 90, 100],
    rows: [{row: 2, bold: false, depth: 1}, {row: 3, bold: true, depth: 0}],
  }, {op: 'note', row: 0, column: 0, text: 'Profit and Loss'});
  const sheet = book.named('Invoices');
  assert.deepEqual([1, 2, 3, 4].map((row) => sheet.cell(row, 3).weight), ['bold', 'normal', 'normal', 'bold']);
  assert.equal(sheet.cell(3, 1).format, '    @');
  assert.equal(sheet.frozen, 1);
  assert.deepEqual([...sheet.widths], [[1, 200], [2, 90], [3, 100]]);
  assert.equal(sheet.cell(1, 1).note, 'Profit and Loss');
});

test('a table of records keeps the weight that a person gave its cells', () => {
  const {apply, book} = writing();
  apply(tab, commit(ROWS), named(4, 3));
  book.named('Invoices').getRange(3, 1).setFontWeight('bold');
  apply({op: 'format', header_row: 0, freeze: 1, widths: [], rows: []});
  assert.equal(book.named('Invoices').cell(3, 1).weight, 'bold');
});

test('an operation that this add-on does not know stops the step', () => {
  const {apply} = writing();
  const done = apply(tab, {op: 'explode'});
  assert.deepEqual([done.applied, done.op, done.code], [false, 1, 'unknown_operation']);
});

test('what Google Sheets refuses becomes a sentence without its own words', () => {
  const {apply, book} = writing();
  book.refuse = 'setValues';
  const done = apply(tab, commit(ROWS));
  assert.deepEqual([done.applied, done.op, done.code], [false, 1, 'refused']);
  assert.ok(!JSON.stringify(done).includes('ben@example.com'));
});

test('only one writes at a time, and lets go after all has landed', () => {
  const {apply, seen} = writing();
  apply(tab, commit(ROWS));
  assert.deepEqual(seen.flushedBeforeRelease, [true]);
  const other = writing({locked: true});
  assert.equal(other.apply(tab).code, 'sheet_busy');
  assert.equal(other.book.tabs.length, 1);
});

test('dates come back as they went in any zone, also where midnight is missing', () => {
  const days = [1, 36526, 43408, 44830, 45000, 45722, 46000, 73050];
  // 2018-11-04 (43408) began at 01:00 in São Paulo, 2022-09-11 (44815) in Santiago.
  for (const zone of ['UTC', 'America/Sao_Paulo', 'America/Santiago', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe']) {
    const {apply} = writing({zone});
    const rows = [...days, 44815].map((day, i) => [String(i), day, '']);
    const done = apply(tab, commit(rows), named(rows.length + 1, 3), expectation('block', rows, COLUMNS));
    assert.equal(done.why, undefined, zone);
  }
});

test('moments come back to the second, also in the hour that comes twice', () => {
  const columns = [TEXT, MOMENT];
  const serial = (day, time) => (day * 86400 + time) / 86400;
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
    const {apply} = writing({zone});
    const rows = [serial(45956, 9000), serial(45956, 5400), serial(45000, 1), serial(45745, 43199), 46000]
      .map((moment, i) => [String(i), moment]);
    const done = apply(tab, commit(rows, columns, ['Id', 'Changed']), named(rows.length + 1, 2), expectation('block', rows, columns));
    assert.equal(done.why, undefined, zone);
  }
});

test('reading dates back asks for a zone at most twice a day', () => {
  const {apply, seen} = writing({zone: 'America/New_York'});
  const rows = Array.from({length: 15}, (_, i) => [String(i), 46000 + (i % 3), '']);
  apply(tab, commit(rows), named(16, 3), expectation('block', rows, COLUMNS));
  assert.ok(seen.formatted <= 6, String(seen.formatted));
});

test('the rows of a record of which some are sent come together in the order in which they are sent', () => {
  const {addon} = writing();
  const rows = [['a1', 'A'], ['b1', 'B'], ['a2', 'A'], ['c1', 'C'], ['x', 'C'], ['c2', 'C'], ['b2', 'B']];
  const sent = [['a2'], ['a1'], ['c2'], ['c1']];
  const op = {key_columns: [0], together: [1]};
  const order = (more) => plain(addon.togetherOf_(rows, {...op, ...more}, sent)).map((place) => rows[place][0]);
  assert.deepEqual(order({}), ['a2', 'a1', 'b1', 'c2', 'c1', 'x', 'b2']);
  assert.deepEqual(order({keep: true}), ['a2', 'a1', 'b1', 'x', 'c2', 'c1', 'b2']);
  assert.equal(addon.togetherOf_([['a1', 'A'], ['b1', 'B']], op, [['b1']]), null);
});
