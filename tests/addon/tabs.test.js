'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const RATES = 'Counterfoil rates';
const REQUEST = {
  kind: 'reports', dataset: 'profit-and-loss', connection_id: 'con_1', connection_ids: ['con_1', 'con_2'], tab: 'Group',
  options: {
    columns: null, from: null, to: null, include_inactive: false, parameters: {},
    consolidate: {currency: 'USD', match: 'name', rates: 'tab'},
  },
};
const STEP = {
  run_id: 'run_1', run_short: '7Q4K-2M', exporter_id: 'exp_1', block: 'CF_1', title: 'Group', operations: [],
  cursor: 'sealed', wait_s: 0, progress: {}, proof: null,
};
const needed = (tabs) => [409, {error: {code: 'tabs_needed', message: 'Tabs.', retryable: false, details: {tabs}}}];
const missing = (operations) => [409, {
  error: {code: 'rates_needed', message: 'Rates are missing.', retryable: false, details: {missing: 1}}, operations,
}];

function asking(then, tabs = 'Counterfoil eliminations\nCounterfoil rates\nSalaries') {
  const {seen, world, book} = services({backend: (path, body) => (body.tabs ? then : needed(tabs))});
  return {addon: load(world), book, sent: () => seen.requests.map(({body}) => plain(body.tabs ?? null))};
}

test('tabs that the backend asks for are read as texts, and no other tab is', () => {
  const {addon, book, sent} = asking([200, STEP]);
  book.tab('Salaries').cell(1, 1).value = 'secret';
  const tab = book.tab(RATES);
  ['Currency', 'To', 'Rate'].forEach((text, at) => (tab.cell(1, at + 1).value = text));
  ['EUR', new Date(Date.UTC(2026, 5, 30)), 1.08].forEach((value, at) => (tab.cell(2, at + 1).value = value));
  assert.equal(plain(addon.startExport(REQUEST)).cursor, 'sealed');
  assert.deepEqual(sent(), [null, {
    'Counterfoil eliminations': null, [RATES]: [['Currency', 'To', 'Rate'], ['EUR', '2026-06-30', '1.08']],
  }]);
});

test('rows for what is missing are added to the tab, and the person reads why', () => {
  const rows = [['Currency', 'Rate'], ['EUR', '']];
  const {addon, book} = asking(missing([{op: 'append_log', title: RATES, rows}]));
  assert.equal(plain(addon.startExport(REQUEST)).error.message, 'Rates are missing.');
  const tab = book.getSheets().find((each) => each.getName() === RATES);
  assert.deepEqual([1, 2].map((row) => tab.cell(row, 1).value), ['Currency', 'EUR']);
});

test('beside an error nothing but rows of those tabs is written', () => {
  const {addon, book} = asking(missing([{op: 'append_log', title: 'Salaries', rows: [['x']]}]));
  addon.startExport(REQUEST);
  assert.equal(book.getSheets().some((each) => each.getName() === 'Salaries'), false);
});
