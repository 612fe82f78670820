'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const ID = 'exp_invoices1';
const COMPANY = 'con_acme12345';
const REQUEST = {
  kind: 'entities', dataset: 'invoices', connection_id: COMPANY, tab: 'Open ones',
  options: {columns: ['id', 'total'], from: null, to: null, include_inactive: false, parameters: {}},
};
const HELD = {
  id: ID, name: 'Open', title: 'Open', kind: 'entity', dataset: 'invoices', connection_ids: [COMPANY],
  options: {columns: ['id']}, block: 'CF_0000000000000001', tab: 'Open ones', revision: 3, paused: null,
};

function calling(backend = () => [200, {ok: true}]) {
  const told = services({backend});
  const asked = () => told.seen.requests.map(({url, body}) => {
    const {spreadsheet, ...rest} = plain(body);
    return [url.replace('https://backend.test/', ''), rest];
  });
  return {addon: load(told.world), asked, book: told.book};
}

test('each call asks its own address with what was chosen', () => {
  const {addon, asked} = calling();
  addon.readExporter(ID);
  addon.renameExporter(ID, 3, 'Month-end');
  addon.deleteExporter(ID, 'CF_0000000000000001');
  addon.adoptExporter(ID);
  addon.exportDocument(ID);
  addon.runsOfExporter(ID);
  addon.importDocument([COMPANY, 'con_birch000'], '{"counterfoil": 1, "name": "Open"}');
  assert.deepEqual(asked(), [
    [`exporters/${ID}/read`, {}],
    [`exporters/${ID}/update`, {revision: 3, name: 'Month-end'}],
    [`exporters/${ID}/delete`, {}],
    [`exporters/${ID}/adopt`, {}],
    [`exporters/${ID}/export`, {}],
    [`exporters/${ID}/runs`, {}],
    ['exporters/import', {connection_ids: [COMPANY, 'con_birch000'], document: {counterfoil: 1, name: 'Open'}}],
  ]);
});

test('a table is frozen by the backend first, and the padlock is shown then', () => {
  const operations = [{op: 'padlock', locked: true}, {op: 'note', row: 0, column: 0, text: 'Frozen.'}];
  const {addon, asked, book} = calling(() => [200, {block: 'CF_0000000000000001', operations}]);
  const tab = book.tab('Open ones');
  book.setNamedRange('CF_0000000000000001', tab.getRange(1, 1, 2, 2));
  assert.deepEqual(plain(addon.freezeExporter(ID)), {ok: true});
  assert.deepEqual(asked(), [[`exporters/${ID}/freeze`, {}]]);
  assert.equal(tab.getName(), '🔒 Open ones');
});

test('that a padlock cannot be shown is no trouble, that a copy cannot be made is', () => {
  const unknown = () => [200, {block: 'CF_0000000000000001', operations: [{op: 'explode'}]}];
  assert.deepEqual(plain(calling(unknown).addon.unfreezeExporter(ID)), {ok: true});
  assert.equal(plain(calling(unknown).addon.snapshotExporter(ID)).error.code, 'unknown_operation');
  const refused = () => [409, {error: {code: 'run_in_progress', message: 'Wait.', retryable: true}}];
  assert.equal(plain(calling(refused).addon.freezeExporter(ID)).error.message, 'Wait.');
  assert.equal(plain(calling().addon.freezeExporter('exp_1/../x')).error.code, 'bad_request');
});

test('what would be run can be saved under a name', () => {
  const {addon, asked} = calling();
  addon.saveExporter(REQUEST, 'Open invoices');
  assert.deepEqual(asked(), [['exporters/create', {
    kind: 'entity', dataset: 'invoices', connection_ids: [COMPANY], target: {tab: 'Open ones'}, name: 'Open invoices',
    options: REQUEST.options,
  }]]);
});

test('what was saved is saved anew by the revision that was seen', () => {
  const {addon, asked} = calling();
  addon.changeExporter(ID, 3, REQUEST, 'Unpaid');
  assert.deepEqual(asked(), [[`exporters/${ID}/update`, {
    revision: 3, name: 'Unpaid', connection_ids: [COMPANY], options: REQUEST.options, target: {tab: 'Open ones'},
  }]]);
});

test('a table that is to begin in a cell has its name there before its first run', () => {
  const {addon, book} = calling(() => [200, HELD]);
  const tab = book.tabs[0].getName();
  addon.saveExporter({...REQUEST, cell: `'${tab}'!B4`}, 'Open');
  const range = book.getRangeByName('CF_0000000000000001');
  assert.deepEqual([range.getSheet().getName(), range.getRow(), range.getColumn()], [tab, 4, 2]);
  // Saved again, with another cell: the block stays where it is.
  addon.changeExporter(ID, 3, {...REQUEST, cell: `'${tab}'!D9`}, 'Open');
  assert.equal(book.getRangeByName('CF_0000000000000001').getRow(), 4);
});

test('a cell that is taken, missing or none at all is refused before anything is saved', () => {
  const {addon, asked, book} = calling();
  const tab = book.tabs[0];
  tab.getRange(4, 2).setValues([['mine']]);
  book.setNamedRange('CF_0123456789abcdef', tab.getRange(6, 1, 3, 2));
  const told = ['B4', 'B7', 'ZZ99', 'B0', 'nonsense'].map((a1) =>
    addon.saveExporter({...REQUEST, cell: `'${tab.getName()}'!${a1}`}, 'Open').error.code);
  assert.deepEqual(told, ['cell_taken', 'cell_taken', 'cell_missing', 'bad_request', 'bad_request']);
  assert.equal(asked().length, 0);
});

test('a range that a person named is no table of ours, whatever its name begins with', () => {
  const {addon, book} = calling(() => [200, HELD]);
  const tab = book.tabs[0];
  book.setNamedRange('CF_Plan', tab.getRange(1, 1, 6, 3));
  book.setNamedRange('CF_2026', tab.getRange(1, 1, 6, 3));
  addon.saveExporter({...REQUEST, cell: `'${tab.getName()}'!B4`}, 'Open');
  assert.equal(book.getRangeByName('CF_0000000000000001').getRow(), 4);
  assert.equal(addon.isOurs_(tab.getRange(4, 2)), true);
  assert.equal(addon.isOurs_(tab.getRange(5, 2)), false);
});

test('a duplicate is made by the same choices and has no other tie to the first', () => {
  const {addon, asked} = calling((path) => [200, path.endsWith('/read') ? HELD : {...HELD, id: 'exp_other1234'}]);
  assert.equal(addon.duplicateExporter(ID, 'Open (copy)').id, 'exp_other1234');
  assert.deepEqual(asked(), [
    [`exporters/${ID}/read`, {}],
    ['exporters/create', {
      kind: 'entity', dataset: 'invoices', connection_ids: [COMPANY], options: {columns: ['id']},
      target: {tab: 'Open ones'}, name: 'Open (copy)',
    }],
  ]);
});

test('of what cannot be read no duplicate is made', () => {
  const error = {code: 'not_found', message: 'There is no such export in this spreadsheet.', retryable: false};
  const {addon, asked} = calling(() => [404, {error}]);
  assert.deepEqual(plain(addon.duplicateExporter(ID, 'Open (copy)')), {error});
  assert.equal(asked().length, 1);
});

test('arguments that nobody can choose never leave the add-on', () => {
  const {addon, asked} = calling();
  const refused = [
    addon.readExporter('exp_../../home'),
    addon.renameExporter(ID, 0, 'Name'),
    addon.renameExporter(ID, 1.5, 'Name'),
    addon.renameExporter(ID, 1, ''),
    addon.deleteExporter(null, 'CF_0000000000000001'),
    addon.deleteExporter(ID),
    addon.adoptExporter(COMPANY),
    addon.exportDocument({}),
    addon.duplicateExporter(ID, 'x'.repeat(101)),
    addon.saveExporter(REQUEST, 7),
    addon.changeExporter(ID, 3, {...REQUEST, tab: ''}, 'Name'),
    addon.changeExporter(ID, 0, REQUEST, 'Name'),
    addon.changeExporter('exp_../..', 3, REQUEST, 'Name'),
    addon.saveExporter({...REQUEST, kind: 'files'}, 'Name'),
    addon.importDocument([ID], '{}'),
    addon.importDocument(COMPANY, '{}'),
    addon.importDocument([], '{}'),
    addon.importDocument([COMPANY], ' '.repeat(200001)),
  ];
  assert.deepEqual(refused.map((answer) => answer.error.code), Array(refused.length).fill('bad_request'));
  assert.equal(asked().length, 0);
});

test('text that is no document is said to be none', () => {
  const {addon, asked} = calling();
  const deep = (/** @type {number} */ levels) => '{"options": ' + '['.repeat(levels) + ']'.repeat(levels) + '}';
  for (const text of ['', 'hello', '[1]', '7', '{"counterfoil": 1', deep(30), deep(5000)]) {
    assert.equal(addon.importDocument([COMPANY], text).error.code, 'no_document');
  }
  assert.equal(asked().length, 0);
});
