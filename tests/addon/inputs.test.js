'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const B1 = "'Set up'!B1";
const GONE = "'It''s gone'!B1";
const REQUEST = {
  kind: 'entities', dataset: 'invoices', connection_id: 'con_1', tab: 'Invoices',
  options: {columns: null, from: null, to: null, include_inactive: false, parameters: {}, cells: {from: B1, to: GONE}},
};
const STEP = {
  run_id: 'run_1', run_short: '7Q4K-2M', exporter_id: 'exp_1', block: 'CF_0000000000000001', title: 'Invoices', operations: [],
  cursor: 'sealed', wait_s: 0, progress: {}, proof: null,
};

function asking(cells, then = [200, STEP]) {
  const {seen, world, book} = services({backend: (path, body) => (body.cells ? then : [409, {error: {
    code: 'cells_needed', message: 'Cells are needed.', retryable: false, details: {cells},
  }}])});
  const tab = book.tab('Set up');
  tab.cell(1, 2).value = new Date(Date.UTC(2026, 4, 1));
  tab.cell(2, 2).value = ' Amy ';
  return {addon: load(world), book, tab, sent: () => seen.requests.map(({body}) => plain(body.cells ?? null))};
}

test('cells that the backend asks for are read and sent with the same request', () => {
  const {addon, sent} = asking([B1, GONE, "'Set up'!$B$2", "'Set up'!B99", 'Set up!B1'].join('\n'));
  assert.equal(plain(addon.startExport(REQUEST)).cursor, 'sealed');
  assert.deepEqual(sent(), [null, {[B1]: '2026-05-01', [GONE]: null, "'Set up'!$B$2": 'Amy', "'Set up'!B99": null}]);
});

test('a saved export is run with the cells as they are now', () => {
  const {addon, tab, sent} = asking(B1);
  addon.runAgain('exp_1', false, false);
  tab.cell(1, 2).value = new Date(Date.UTC(2026, 5, 1));
  addon.runAgain('exp_1', false, false);
  assert.deepEqual(sent(), [null, {[B1]: '2026-05-01'}, null, {[B1]: '2026-06-01'}]);
});

test('a bad cell is named, so that the sidebar can show it', () => {
  const bad = {error: {code: 'bad_request', message: 'The cell is empty.', retryable: false, details: {cell: B1}}};
  const {addon} = asking(B1, [400, bad]);
  assert.deepEqual(plain(addon.startExport(REQUEST)).error, {code: 'bad_request', message: 'The cell is empty.', retryable: false, cell: B1});
});

test('the backend that asks again and again is asked twice', () => {
  const needed = {error: {code: 'cells_needed', message: 'Cells are needed.', retryable: false, details: {cells: B1}}};
  const {addon, sent} = asking(B1, [409, needed]);
  assert.equal(addon.startExport(REQUEST).error.code, 'cells_needed');
  assert.equal(sent().length, 2);
});

test('a block that the backend asks for is told once, and cells that it asks for then go along too', () => {
  const refused = (code, details) => [409, {error: {code, message: 'Needed.', retryable: false, details}}];
  const {seen, world} = services({backend: (path, body) => {
    if (!body.block) return refused('block_needed', {block: 'CF_0000000000000001', lines: true});
    return body.cells ? [200, STEP] : refused('cells_needed', {cells: B1});
  }});
  const addon = load(world);
  assert.equal(plain(addon.nextStep('sealed')).cursor, 'sealed');
  assert.deepEqual(seen.requests.map(({body}) => Object.keys(plain(body)).slice(1)),
    [['cursor'], ['cursor', 'block'], ['cursor', 'block', 'cells']]);
  assert.deepEqual(plain(seen.requests[2].body.block), {receipt: null});
});

test('a block of another name than ours is not told of', () => {
  const details = {block: "Salaries!A1", lines: true};
  const needed = {error: {code: 'block_needed', message: 'Needed.', retryable: false, details}};
  const {seen, world} = services({backend: () => [409, needed]});
  assert.equal(load(world).nextStep('sealed').error.code, 'block_needed');
  assert.equal(seen.requests.length, 1);
});

const ASKED = {
  code: 'block_needed', message: 'The table is needed.', retryable: false,
  details: {block: 'CF_0a1b0a1b0a1b0a1b', columns: 'idMarkgoneMk'},
};

function ofTable(told) {
  const receipt = {
    state: 'done', run: 'run_0', fence: 1, rows: 3, columns: 2, keys: 'idMarkdateMk',
    digest: {chunks: [[2, 1]], value: 'x'}, marks: {head: '', titles: '', columns: 'abcdefgh', rows: ''}, ...told,
  };
  const {seen, world, book} = services({backend: (path, body) => (body.block ? [200, STEP] : [409, {error: ASKED}])});
  const tab = book.tab('Invoices');
  [['Id', 'Date'], ['7', ''], ['8', '']].forEach((row, i) => row.forEach((value, j) => (tab.cell(i + 1, j + 1).value = value)));
  book.setNamedRange('CF_0a1b0a1b0a1b0a1b', tab.getRange(1, 1, 3, 2));
  tab.addDeveloperMetadata('counterfoil:CF_0a1b0a1b0a1b0a1b', JSON.stringify(receipt), 'DOCUMENT');
  const addon = load(world);
  assert.equal(plain(addon.runAgain('exp_1', false, false)).cursor, 'sealed');
  return {addon, book, seen, sent: () => seen.requests.map(({body}) => plain(body.block ?? null))};
}

test('an update brings along the receipt of its table and the columns that are asked for', () => {
  assert.deepEqual(ofTable({}).sent(), [null, {
    there: true, run: 'run_0', done: true, keys: 'idMarkdateMk', marks: 'abcdefgh', columns: [['7', '8'], null],
  }]);
});

test('a table whose last run did not end tells nothing of its rows', () => {
  assert.deepEqual(ofTable({state: 'writing'}).sent()[1], {there: true, run: null, done: false});
});

test('a table that is gone is told to be gone', () => {
  const {addon, book, sent} = ofTable({});
  book.names.delete('CF_0a1b0a1b0a1b0a1b');
  addon.runAgain('exp_1', false, false);
  assert.deepEqual(sent()[3], {there: false});
});

test('runs of one press tell of each other, and nothing else is passed on', () => {
  const {addon, seen} = ofTable({});
  const before = seen.requests.length;
  addon.runAgain('exp_1', false, false, false, {together: ['exp_2', 'no name', 7], after: 'run_1', more: 1});
  addon.runAgain('exp_1', false, false, false, {together: 'exp_2', after: '=1'});
  const told = seen.requests.slice(before).map(({body}) => plain({...body, spreadsheet: undefined, block: undefined}));
  assert.deepEqual(told, [
    {together: ['exp_2'], after: 'run_1'}, {together: ['exp_2'], after: 'run_1'}, {}, {},
  ]);
});

test('the selected cell is named with its tab', () => {
  const {addon, book} = asking(B1);
  book.active = book.tab("Ana's tab");
  book.current = [3, 2];
  assert.deepEqual(plain(addon.pickCell()), {cell: "'Ana''s tab'!B3", shows: ''});
});

test('rows, secrets, dates, cells and filters reach the backend as they were chosen', () => {
  const options = {
    ...REQUEST.options, rows: 'line', headers: 'once', bundles: 'group', sensitive: true, dates: 'last_month',
    filters: [{key: 'customer', is: ['Amy']}, {key: 'total', from: '1', to_cell: B1}],
    sort: {column: 'total', descending: true}, first: 100, tie_out: ['net-income'],
  };
  const {seen, world} = services({backend: () => [200, STEP]});
  load(world).startExport({...REQUEST, options});
  assert.deepEqual(plain(seen.requests[0].body.options), options);
});

test('options that no form makes are not sent', () => {
  const {seen, world} = services({backend: () => [200, STEP]});
  const addon = load(world);
  const odd = [
    {dates: 5}, {rows: {}}, {cells: []}, {cells: {from: {}}}, {filters: {}}, {filters: ['x']}, {filters: [{is: [{}]}]},
    {filters: Array(31).fill({key: 'x'})}, {sort: 'total'}, {sort: {column: 'total', descending: 1}},
    {sort: {column: 'total', descending: true, by: 'x'}}, {first: '10'}, {first: 1.5},
    {tie_out: 'net-income'}, {tie_out: [5]}, {tie_out: {}},
  ];
  for (const each of odd) {
    assert.equal(addon.startExport({...REQUEST, options: {...REQUEST.options, ...each}}).error.code, 'bad_request');
  }
  assert.equal(seen.requests.length, 0);
});
