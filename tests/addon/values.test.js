'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const TITLES = [
  'Company', 'Report', 'Basis', 'From', 'To', 'Currency', 'Id', 'Name', 'Path', 'Depth', 'Row type', 'Column', 'Column id',
  'Column from', 'Column to', 'Amount', 'Debit positive', 'Number', 'Key',
];
const row = (id, name, from, amount, {company = 'Acme', column = from, report = 'Profit and Loss', type = 'line', number = '', to = from && from + '+'} = {}) => [
  company, report, 'Accrual', '2026-01-01', '2026-12-31', 'USD', id, name, type === 'line' ? `Income > ${name}` : 'Income', 1, type, column, '', from, to, amount,
  -amount, number, 'k',
];
const JAN = {to: '2026-01-31'};
const FEB = {to: '2026-02-28'};
const design = (more) => row('22', '4000 Design', '2026-01-01', 5, {...JAN, number: '4000', ...more});

function table(rows, titles = TITLES, above = []) {
  const told = services({backend: () => [200, {}]});
  const tab = told.book.insertSheet('P&L');
  tab.insertColumnsAfter(6, 20);
  const all = [...above, titles, ...rows];
  tab.getRange(1, 1, all.length, titles.length).setNumberFormat('@').setValues(all);
  told.book.setNamedRange('CF_pl', tab.getRange(1, 1, all.length, titles.length));
  told.book.active = told.book.tabs[0];
  return {...told, addon: load(told.world), cell: told.book.tabs[0].getRange(1, 1)};
}

const part = (title) => `INDEX(CF_pl,0,MATCH("${title}",INDEX(CF_pl,head,0),0))`;
const periods = (title, first, last, begin, end) => `UNIQUE(FILTER(${part(title)},${part(first)}>=${begin},${part(last)}<=${end}))`;
const named = (first, last, begin, end) => ['began', first, 'ended', last].map((each, i) => (i % 2 ? periods(each, first, last, begin, end) : each) + ',').join('');
const ACME = `${part('Company')},"="&"Acme"`;
const HEAD = '=LET(head,IF(COUNTIFS(INDEX(CF_pl,1,0),"Amount")>0,1,2),';

test('what a value can be of is told once for each line and each total', () => {
  const {addon} = table([
    design(), row('22', '4000 Design', '2026-02-01', 6, {...FEB, number: '4000'}), row('', 'Other', '2026-01-01', 1, JAN),
    row('', 'Total Income', '2026-01-01', 6, {...JAN, type: 'total'}), row('', 'Total Income', '', 12, {type: 'total', column: 'Total'}),
  ]);
  assert.deepEqual(plain(addon.valueChoices('CF_pl')), {
    report: 'Profit and Loss', companies: ['Acme'], bases: ['Accrual'], columns: [], adds: [], months: false,
    firsts: ['2026-01-01', '2026-02-01'], lasts: ['2026-01-31', '2026-02-28'],
    accounts: [
      {label: 'Income > 4000 Design', id: '22', name: '4000 Design', number: '4000', path: 'Income > 4000 Design', row: 'line'},
      {label: 'Income > Other', id: '', name: 'Other', number: '', path: 'Income > Other', row: 'line'},
      {label: 'Total Income', id: '', name: 'Total Income', number: '', path: 'Income', row: 'total'},
    ],
  });
});

test('numbers that a sheet takes for one another find nothing', () => {
  const {addon} = table([design({number: '0040'}), row('23', 'Garden', '2026-01-01', 5, {...JAN, number: '40'}), row('24', 'Trees', '2026-01-01', 5, {...JAN, number: '41'})]);
  assert.deepEqual(plain(addon.valueChoices('CF_pl').accounts.map((each) => each.number)), ['', '', '41']);
});

test('where a line has several amounts of the same days, one of their columns is to be chosen', () => {
  const {addon} = table([design({column: 'Actual'}), design({column: 'Budget'})]);
  assert.deepEqual(plain(addon.valueChoices('CF_pl').columns), ['Actual', 'Budget']);
  const asked = {block: 'CF_pl', by: 'id', value: '22'};
  assert.equal(addon.insertValue({...asked, from: '2026-01-01', to: '2026-01-31'}).error.code, 'no_tidy');
  const found = `${part('Id')},"="&"22",${part('Row type')},"line",${ACME},${part('Column')},"="&"Budget"`;
  assert.equal(addon.insertValue({...asked, column: 'Budget'}).formula, HEAD + `IF(COUNTIFS(${ACME})*COUNTIFS(${part('Column')},"="&"Budget",${ACME})*(COUNTIFS(${found})<=1)=0,NA(),SUMIFS(${part('Amount')},${found})))`);
});

test('a movement is summed over whole columns of its days, and is none where the table does not reach them', () => {
  const {addon, cell} = table([design()]);
  const told = plain(addon.insertValue({block: 'CF_pl', by: 'id', value: '22', from: '2026-01-01', to: "'Set up'!B2"}));
  assert.equal(told.cell, "'Sheet1'!A1");
  assert.equal(cell.getFormulas()[0][0], told.formula);
  const found = `${part('Id')},"="&"22",${part('Row type')},"line",${ACME},${part('Column from')},">="&46023,${part('Column to')},"<="&'Set up'!B2`;
  assert.equal(told.formula, HEAD + named('Column from', 'Column to', '46023', "'Set up'!B2") +
    `IF(('Set up'!B2<>"")*COUNTIFS(${ACME})*COUNTIFS(${part('Column from')},"="&46023,${ACME})*COUNTIFS(${part('Column to')},"="&'Set up'!B2,${ACME})*(46023<='Set up'!B2)*` +
    `(SUM(ended)-SUM(began)+COUNT(began)='Set up'!B2-46023+1)*(COUNTIFS(${found})<=COUNT(began))=0,NA(),SUMIFS(${part('Amount')},${found})))`);
});

test('without days a value goes as far as the table does', () => {
  const {addon} = table([design()]);
  const [begin, end] = [`MIN(${part('Column from')})`, `MAX(${part('Column to')})`];
  const found = `${part('Id')},"="&"22",${part('Row type')},"line",${ACME},${part('Column from')},">0"`;
  assert.equal(addon.insertValue({block: 'CF_pl', by: 'id', value: '22'}).formula,
    HEAD + named('Column from', 'Column to', begin, end) +
    `IF(COUNTIFS(${ACME})*(SUM(ended)-SUM(began)+COUNT(began)=${end}-${begin}+1)*(COUNTIFS(${found})<=COUNT(began))=0,NA(),SUMIFS(${part('Amount')},${found})))`);
  const balance = table([row('1', '1000 Checking', '', 5, {report: 'Balance Sheet', to: ''})]);
  const last = `${part('Id')},"="&"1",${part('Row type')},"line",${ACME},${part('To')},"="&MAX(${part('To')})`;
  assert.equal(balance.addon.insertValue({block: 'CF_pl', by: 'id', value: '1'}).formula,
    HEAD + `IF(COUNTIFS(${ACME})*(COUNTIFS(${last})<=1)=0,NA(),SUMIFS(${part('Amount')},${last})))`);
});

test('a balance is that of one day, of one company and basis where there are several', () => {
  const {addon} = table([row('1', 'Checking', '', 5, {report: 'Balance Sheet', to: '', number: '1000'})]);
  const {formula} = addon.insertValue({block: 'CF_pl', by: 'number', value: '1000', company: 'Acme', basis: 'Cash', to: '2026-10-31'});
  const scope = `${part('Company')},"="&"Acme",${part('Basis')},"="&"Cash"`;
  const found = `${part('Number')},"="&"1000",${part('Row type')},"line"`;
  assert.equal(formula, HEAD + `IF(COUNTIFS(${found},${scope})*` +
    `(COUNTA(UNIQUE(FILTER(${part('Path')},${part('Number')}="1000",${part('Row type')}="line",${part('Company')}="Acme")))=1)*` +
    `COUNTIFS(${part('To')},"="&46326,${scope})*(COUNTIFS(${found},${scope},${part('To')},"="&46326)<=1)=0,NA(),` +
    `SUMIFS(${part('Amount')},${found},${scope},${part('To')},"="&46326)))`);
});

test('a table that tells no numbers finds one in front of a name', () => {
  const {addon} = table([design({number: ''})]);
  assert.ok(addon.insertValue({block: 'CF_pl', by: 'number', value: '4000'}).formula.includes(`SUMIFS(${part('Amount')},${part('Name')},"="&"4000"&" *",`));
});

test('a total is found by the group that it is of, and below a title that says when the table is late', () => {
  const {addon} = table([design(), row('', 'Total Income', '2026-01-01', 5, {...JAN, type: 'total'})], TITLES, [['P&L · Acme', ...Array(18).fill('')]]);
  assert.equal(addon.valueChoices('CF_pl').accounts[1].label, 'Total Income');
  const {formula} = addon.insertValue({block: 'CF_pl', by: 'name', value: 'Income', row: 'total', from: '2026-01-01', to: '2026-01-31'});
  assert.ok(formula.startsWith(HEAD + named('Column from', 'Column to', '46023', '46053') + `IF(COUNTIFS(${part('Path')},"="&"Income",${part('Row type')},"total")*`), formula);
});

test('a name from QuickBooks is nothing but text in the formula', () => {
  const {addon} = table([design()]);
  const {formula} = addon.insertValue({block: 'CF_pl', by: 'name', value: '"&IMPORTXML("http://x")&"*?~', to: '2026-01-31'});
  assert.ok(formula.includes('"="&"""&IMPORTXML(""http://x"")&""~*~?~~"'), formula);
  assert.equal(formula.replace(/"(?:[^"]|"")*"/g, '').includes('IMPORTXML'), false);
});

test('no value comes from another table, and none goes into one or over what somebody typed', () => {
  const other = table([['a']], ['Id']);
  assert.equal(other.addon.valueChoices('CF_pl').error.code, 'no_tidy');
  assert.equal(other.addon.valueChoices('CF_none').error.code, 'no_tidy');
  const told = table([design()]);
  const asked = {block: 'CF_pl', by: 'id', value: '22'};
  told.book.active = told.book.getSheetByName('P&L');
  assert.equal(told.addon.insertValue(asked).error.code, 'cell_taken');
  told.book.active = told.book.tabs[0];
  told.cell.setValues([['mine']]);
  assert.equal(told.addon.insertValue(asked).error.code, 'cell_taken');
  assert.equal(told.cell.getValues()[0][0], 'mine');
});

test('a formula of ours is put anew, and none that a person wrote over the block or changed', () => {
  const {addon, cell} = table([design()]);
  const asked = {block: 'CF_pl', by: 'id', value: '22'};
  const ours = addon.insertValue({...asked, from: '2026-01-01', to: "'A (b'!B2"}).formula;
  const printed = '=IF(COUNTIFS(INDEX(CF_pl,0,1),"="&"Rent (")=1,INDEX(CF_pl,2,3),NA())';
  for (const each of [ours, printed]) {
    cell.setFormula(each);
    assert.equal(addon.insertValue(asked).error, undefined, each);
  }
  const theirs = [
    '=SUM(INDEX(CF_pl,0,5))*1.19', ours + '/1000', printed + '*2', ours.replace('SUMIFS(', '1.19*SUMIFS('), printed.replace('INDEX(CF_pl,2,3)', 'INDEX(CF_pl,2,3)*2'),
    printed + '+SUM(1)', printed.replace(/CF_pl/g, 'CF_pl2'), '=LET(a,1,' + ours.slice(1) + ')',
  ];
  for (const each of theirs) {
    cell.setFormula(each);
    assert.equal(addon.insertValue(asked).error.code, 'cell_taken', each);
    assert.equal(cell.getFormulas()[0][0], each);
  }
});

test('what nobody can choose is refused', () => {
  const {addon} = table([design()]);
  const good = {block: 'CF_pl', by: 'id', value: '1', to: '2026-10-31'};
  const bad = [null, {...good, block: 'a b'}, {...good, by: 'formula'}, {...good, value: ''}, {...good, to: '=1'}, {...good, from: 5}, {...good, company: 7}, {...good, row: 'head'}, {...good, column: ''}];
  assert.deepEqual(bad.map((each) => addon.insertValue(each).error.code), Array(bad.length).fill('bad_request'));
});

/** @return {string} A formula over a printed line that is there once. */
const once = (line, sum) => `=IF(COUNTIFS(INDEX(CF_p,0,1),"="&"${line}")=1,${sum},NA())`;

test('a printed report finds a month by a day in a cell, in whatever language the sheet is', () => {
  const {addon} = table([design()]);
  const sums = (columns, asked, report = 'Profit and Loss') => addon.printedFormula_({block: 'CF_p', by: 'name', value: 'Rent', ...asked}, {company: 'Acme', report, header: 5, lines: ['Rent'], ids: [['82', 'Rent']], columns});
  const month = `CHOOSE(MONTH('A'!B1),"Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec")&"*"&YEAR('A'!B1)`;
  const at = (text) => `INDEX(CF_p,MATCH("Rent",INDEX(CF_p,0,1),0),MATCH(${text},INDEX(CF_p,5,0),0))`;
  const months = ['Jan 2026', 'Feb 1 - Feb 9, 2026', 'Total'];
  const cell = "'A'!B1";
  assert.equal(sums(months, {column: cell}), once('Rent', at(month)));
  const [from, to] = ['"Jan 2026"', month].map((text) => `MATCH(${text},INDEX(CF_p,5,0),0)`);
  const between = `INDEX(CF_p,5,${from}):INDEX(CF_p,5,${to})`;
  assert.equal(sums(months, {column: 'Jan 2026', until: cell}),
    once('Rent', `IF(COUNTIFS(${between},"??? ????")+COUNTIFS(${between},"??? *, ????")=${to}-${from}+1,SUM(${at('"Jan 2026"')}:${at(month)}),NA())`));
  assert.equal(sums(months, {column: 'Jan 2026', until: cell}, 'Balance Sheet'), once('Rent', at(month)));
  assert.equal(sums(['Jan - Mar 2026', 'Total'], {column: cell}), null);
  assert.equal(sums(['Total'], {column: cell}), null);
  assert.equal(sums(months, {column: 'Total', by: 'id'}), null);
  const ids = 'INDEX(CF_p,0,MATCH("Id",INDEX(CF_p,5,0),0))';
  assert.equal(sums(months, {column: 'Total', by: 'id', value: '82'}),
    `=IF(COUNTIFS(INDEX(CF_p,1,1),"="&"Acme")=0,NA(),IF(COUNTIFS(${ids},"="&"82")=0,IF(COUNTIFS(${ids},0)=0,0,NA()),INDEX(CF_p,MATCH("82",${ids},0),MATCH("Total",INDEX(CF_p,5,0),0))))`);
});

test('a week is not another one of its month, nor are weeks months', () => {
  const {addon} = table([design()]);
  const of = (columns, asked) => addon.printedFormula_({block: 'CF_p', by: 'name', value: 'Rent', ...asked}, {report: 'Profit and Loss', header: 5, lines: ['Rent'], ids: [], columns});
  const at = (text) => once('Rent', `INDEX(CF_p,MATCH("Rent",INDEX(CF_p,0,1),0),MATCH(${text},INDEX(CF_p,5,0),0))`);
  const weeks = ['Mar 1 - Mar 7, 2026', 'Mar 8 - Mar 14, 2026', 'Mar 15-16, 2026', 'Total'];
  assert.equal(of(weeks, {column: weeks[0]}), at('"Mar 1 *2026"'));
  assert.equal(of(weeks, {column: weeks[1]}), at('"Mar 8 *2026"'));
  assert.equal(of(weeks, {column: weeks[2]}), at('"Mar 15-*2026"'));
  assert.equal(of(weeks, {column: "'A'!B1"}), null);
  assert.equal(of(['Feb 2026', 'Mar 1 - Mar 14, 2026'], {column: 'Mar 1 - Mar 14, 2026'}), at('"Mar*2026"'));
});

test('only parts of one sum are added up, and what stands on a day never is', () => {
  const {addon} = table([design()]);
  const sums = (columns, ends, value = 'Rent', report = 'Profit and Loss') => addon.printedFormula_(
    {block: 'CF_p', by: 'name', value, column: ends[0], until: ends[1]}, {report, header: 5, lines: [value], ids: [], columns});
  const all = (columns, more = {}) => sums(columns, [columns[0], columns.at(-1)], more.value, more.report);
  const whole = (columns, added) => assert.equal((all(columns) || '').split('MATCH("Rent"').length - 1, added, columns.join());
  whole(['Jan 2026', 'Feb 1 - Feb 9, 2026'], 2);
  whole(['Jan - Mar 2026', 'Apr - Jun 2026'], 2);
  whole(['2025', '2026'], 2);
  whole(['Current', '1 - 30', '31 - 60', '91 and over'], 4);
  whole(['Jan 2026', 'Feb 2026', 'Total'], 0);
  whole(['2026', '2025', 'Change from 2025'], 0);
  whole(['2026', 'Change %'], 0);
  whole(['Acme: Jan 2026', 'Birch: Jan 2026'], 0);
  whole(['Jan 2026 Actual', 'Jan 2026 Budget'], 0);
  whole(['Amy', 'Total'], 0);
  const months = ['Jan 2026', 'Feb 2026', 'Mar 2026'];
  const alone = (line, title) => once(line, `INDEX(CF_p,MATCH("${line}",INDEX(CF_p,0,1),0),MATCH("${title}",INDEX(CF_p,5,0),0))`);
  assert.equal(all(months, {report: 'Balance Sheet'}), alone('Rent', 'Mar 2026'));
  assert.equal(all(months, {value: 'CASH AT END OF PERIOD'}), alone('CASH AT END OF PERIOD', 'Mar 2026'));
  assert.equal(all(months, {value: 'Cash at beginning of period'}), alone('Cash at beginning of period', 'Jan 2026'));
});

test('a dashboard is asked for only over blocks and pictures of ours', () => {
  const {addon} = table([design()]);
  const bad = [null, [], [{block: 'CF_pl'}], [{block: 'a b', chart: 'profit'}], [{block: 'CF_pl', chart: 'pie'}]];
  assert.deepEqual(bad.map((each) => addon.makeDashboard(each).error.code), Array(bad.length).fill('bad_request'));
  assert.equal(addon.makeDashboard([{block: 'CF_none', chart: 'profit'}]).error.code, 'block_missing');
});

test('checks go onto a dashboard only as they are told', () => {
  const {addon} = table([design()]);
  const good = {title: 'Aging', verdict: 'PASS', why: 'Both come to 5 USD.'};
  const pictures = [{block: 'CF_none', chart: 'profit'}];
  const bad = ['PASS', [null], [{...good, verdict: 'MAYBE'}], [{...good, why: 5}], [{...good, title: ''}], Array(21).fill(good)];
  assert.deepEqual(bad.map((each) => addon.makeDashboard(pictures, each).error.code), Array(bad.length).fill('bad_request'));
  assert.equal(addon.makeDashboard(pictures, [good]).error.code, 'block_missing');
});

test('a run that nobody looked at says what differs and what was not compared', () => {
  const {addon} = table([design()]);
  const tie = (title, verdict, why) => ({title, verdict, why});
  const proof = {verdict: 'PASS', rows: 1, ties: [
    tie('Net income', 'PASS', 'Both come to 5 USD.'), tie('Aging', 'FAIL', 'They differ by 1 USD.'), tie('Ledger', 'NOT APPLICABLE', 'It is narrowed.'),
  ]};
  assert.equal(addon.cameOf_({proof}), '1 row, complete · 1 check differs · 1 check agrees · not compared: 1' +
    ' · Aging: differs. They differ by 1 USD. · Ledger: not compared. It is narrowed.');
  assert.equal(addon.cameOf_({proof: {verdict: 'PASS', rows: 2}}), '2 rows, complete');
});
