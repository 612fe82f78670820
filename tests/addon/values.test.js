'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const TITLES = [
  'Company', 'Report', 'Basis', 'From', 'To', 'Currency', 'Id', 'Name', 'Path', 'Depth', 'Row type', 'Column', 'Column id',
  'Column from', 'Column to', 'Amount', 'Debit positive', 'Key',
];
const row = (id, name, month, amount, company = 'Acme') => [
  company, 'Profit and Loss', 'Accrual', 46023, 46354, 'USD', id, name, `Income > ${name}`, 1, 'line', 'Jan', '', month, month && month + 30, amount, -amount, 'k',
];

function table(rows, titles = TITLES) {
  const told = services({backend: () => [200, {}]});
  const tab = told.book.insertSheet('P&L');
  tab.insertColumnsAfter(6, 20);
  tab.getRange(1, 1, rows.length + 1, titles.length).setNumberFormat('@').setValues([titles, ...rows]);
  told.book.setNamedRange('CF_pl', tab.getRange(1, 1, rows.length + 1, titles.length));
  told.book.active = told.book.tabs[0];
  return {...told, addon: load(told.world), cell: told.book.tabs[0].getRange(1, 1)};
}

const part = (title) => `INDEX(CF_pl,0,MATCH("${title}",INDEX(CF_pl,1,0),0))`;

test('what a value can be of is told once for each account', () => {
  const {addon} = table([row('22', '4000 Design', 46023, 5), row('22', '4000 Design', 46054, 6), row('', 'Other', 46023, 1, 'Birch')]);
  assert.deepEqual(plain(addon.valueChoices('CF_pl')), {
    report: 'Profit and Loss', companies: ['Acme', 'Birch'], bases: ['Accrual'],
    accounts: [
      {id: '22', name: '4000 Design', path: 'Income > 4000 Design'}, {id: '', name: 'Other', path: 'Income > Other'},
    ],
  });
});

test('a movement is summed over whole columns of its days', () => {
  const {addon, cell} = table([row('22', '4000 Design', 46023, 5)]);
  const told = plain(addon.insertValue({block: 'CF_pl', by: 'id', value: '22', from: '2026-01-01', to: "'Set up'!B2"}));
  assert.equal(told.cell, "'Sheet1'!A1");
  assert.equal(cell.getFormulas()[0][0], told.formula);
  assert.equal(told.formula, `=SUMIFS(${part('Amount')},${part('Id')},"="&"22",${part('Row type')},"line",` +
    `${part('Column from')},">="&46023,${part('Column to')},"<="&'Set up'!B2)`);
});

test('a balance is that of one day, of one company and basis where there are several', () => {
  const {addon} = table([row('1', '1000 Checking', '', 5)]);
  const {formula} = addon.insertValue({block: 'CF_pl', by: 'number', value: '1000', company: 'Acme', basis: 'Cash', to: '2026-10-31'});
  assert.equal(formula, `=SUMIFS(${part('Amount')},${part('Name')},"="&"1000"&" *",${part('Row type')},"line",` +
    `${part('Company')},"="&"Acme",${part('Basis')},"="&"Cash",${part('To')},"="&46326)`);
});

test('a name from QuickBooks is nothing but text in the formula', () => {
  const {addon} = table([row('1', 'x', 46023, 5)]);
  const {formula} = addon.insertValue({block: 'CF_pl', by: 'name', value: '"&IMPORTXML("http://x")&"*?~', to: '2026-10-31'});
  assert.ok(formula.includes('"="&"""&IMPORTXML(""http://x"")&""~*~?~~"'), formula);
  assert.equal(formula.replace(/"(?:[^"]|"")*"/g, '').includes('IMPORTXML'), false);
});

test('no value comes from another table, and none goes into one', () => {
  const other = table([['a']], ['Id']);
  assert.equal(other.addon.valueChoices('CF_pl').error.code, 'no_tidy');
  assert.equal(other.addon.valueChoices('CF_none').error.code, 'no_tidy');
  const told = table([row('1', 'x', 46023, 5)]);
  told.book.active = told.book.getSheetByName('P&L');
  assert.equal(told.addon.insertValue({block: 'CF_pl', by: 'id', value: '1', to: '2026-10-31'}).error.code, 'cell_taken');
});

test('what nobody can choose is refused', () => {
  const {addon} = table([row('1', 'x', 46023, 5)]);
  const good = {block: 'CF_pl', by: 'id', value: '1', to: '2026-10-31'};
  const bad = [null, {...good, block: 'a b'}, {...good, by: 'formula'}, {...good, value: ''}, {...good, to: '=1'}, {...good, from: 5}, {...good, company: 7}];
  assert.deepEqual(bad.map((each) => addon.insertValue(each).error.code), Array(bad.length).fill('bad_request'));
});

test('a dashboard is asked for only over blocks and pictures of ours', () => {
  const {addon} = table([row('1', 'x', 46023, 5)]);
  const bad = [null, [], [{block: 'CF_pl'}], [{block: 'a b', chart: 'profit'}], [{block: 'CF_pl', chart: 'pie'}]];
  assert.deepEqual(bad.map((each) => addon.makeDashboard(each).error.code), Array(bad.length).fill('bad_request'));
  assert.equal(addon.makeDashboard([{block: 'CF_none', chart: 'profit'}]).error.code, 'block_missing');
});

test('checks go onto a dashboard only as they are told', () => {
  const {addon} = table([row('1', 'x', 46023, 5)]);
  const good = {title: 'Aging', verdict: 'PASS', why: 'Both come to 5 USD.'};
  const pictures = [{block: 'CF_none', chart: 'profit'}];
  const bad = ['PASS', [null], [{...good, verdict: 'MAYBE'}], [{...good, why: 5}], [{...good, title: ''}], Array(21).fill(good)];
  assert.deepEqual(bad.map((each) => addon.makeDashboard(pictures, each).error.code), Array(bad.length).fill('bad_request'));
  assert.equal(addon.makeDashboard(pictures, [good]).error.code, 'block_missing');
});

test('a run that nobody looked at says what differs and what was not compared', () => {
  const {addon} = table([row('1', 'x', 46023, 5)]);
  const tie = (title, verdict, why) => ({title, verdict, why});
  const proof = {verdict: 'PASS', rows: 1, ties: [
    tie('Net income', 'PASS', 'Both come to 5 USD.'), tie('Aging', 'FAIL', 'They differ by 1 USD.'), tie('Ledger', 'NOT APPLICABLE', 'It is narrowed.'),
  ]};
  assert.equal(addon.cameOf_({proof}), '1 row, complete · 1 check differs · 1 check agrees · not compared: 1' +
    ' · Aging: differs. They differ by 1 USD. · Ledger: not compared. It is narrowed.');
  assert.equal(addon.cameOf_({proof: {verdict: 'PASS', rows: 2}}), '2 rows, complete');
});
