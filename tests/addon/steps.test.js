'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const COLUMNS = [{kind: 'text', pattern: '@'}, {kind: 'number', pattern: '0.00'}];
const KEY = 'ab'.repeat(32);
const PROGRESS = {rows: 1, of: 2, calls: 3, elapsed_s: 0.5, message: ''};

function stepOf(operations, cursor) {
  return {
    run_id: 'run_1', run_short: '7Q4K-2M', exporter_id: 'exp_1', block: 'CF_0000000000000001', title: 'Invoices', operations, cursor,
    wait_s: 0, progress: PROGRESS, proof: null,
  };
}

function digest(rows) {
  const hmac = (text) => crypto.createHmac('sha256', Buffer.from(KEY, 'hex')).update(text).digest('hex');
  return {key: KEY, chunks: [[rows.length, 1]], value: hmac(hmac('counterfoil') + '\n' + JSON.stringify(rows))};
}

const ROWS = [['=secret name', 1234.5]];
const STAGE = {op: 'stage', run: 'run_1', row: 0, header_rows: 1, columns: COLUMNS, rows: [['Id', 'Total'], ...ROWS]};
const LOOK = (rows) => ({
  op: 'expect', on: 'block', run: 'run_1', rows: 2, columns: 2, header_rows: 1, kinds: ['text', 'number'],
  distinct: {column: 0, count: 1}, sums: [{column: 1, scale: 2, sum: '123450'}], digest: digest(rows),
});
const END = (rows) => [
  {op: 'ensure_tab', title: 'Invoices'}, {op: 'commit', header_rows: 1, columns: COLUMNS, rows: [['Id', 'Total'], ...ROWS]},
  {op: 'name_block', rows: 2, columns: 2}, LOOK(rows), {op: 'drop_stage', run: 'run_1'},
];
const REQUEST = {
  kind: 'entities', dataset: 'invoices', connection_id: 'con_1', tab: 'Invoices',
  options: {columns: null, from: '2026-01-01', to: null, include_inactive: false, parameters: {}},
};

function running(answers, options = {}) {
  const backend = (path, body) => {
    const answer = path === 'runs/acknowledge' ? {ok: true} : answers[path];
    if (Array.isArray(answer)) return answer;
    return answer === undefined ? [404, {error: {code: 'not_found', message: 'No.', retryable: false}}] : [200, answer];
  };
  const {seen, world, book, properties} = services({backend, ...options});
  const sent = (path) => seen.requests.filter(({url}) => url.endsWith(path)).map(({body}) => plain({...body, spreadsheet: 0}));
  return {addon: load(world), book, properties, seen, sent, world};
}

test('Cancel keeps out of the sheet what a step of its turn brings, before it has begun or on its way', () => {
  const told = running({'export/entities/invoices': stepOf(END(ROWS), null), 'export/steps': stepOf(END(ROWS), null), 'export/exporters/exp_12345678/run': stepOf(END(ROWS), null)});
  const {fetch} = told.world.UrlFetchApp;
  const {addon, properties} = told;
  const asked = [
    (turn) => addon.startExport(REQUEST, turn), (turn) => addon.nextStep('sealed', turn),
    (turn) => addon.runAgain('exp_12345678', false, false, false, null, turn),
  ];
  const stopped = (ask, turn) => {
    const answer = plain(ask(turn));
    assert.equal(answer.cancelled, true);
    assert.ok(!JSON.stringify(answer).includes('secret name'));
    assert.equal(told.book.named('Invoices'), undefined);
    assert.deepEqual(told.sent('runs/acknowledge'), [], 'the sidebar gives it up');
    assert.deepEqual([...properties.user.keys()].filter((name) => /^(stop|run):/.test(name)), []);
  };
  for (const [i, ask] of asked.entries()) {
    told.world.UrlFetchApp.fetch = (...given) => {
      assert.deepEqual(plain(addon.stopRun('turn_' + i)), {ok: true});
      return fetch(...given);
    };
    stopped(ask, 'turn_' + i);
    told.world.UrlFetchApp.fetch = fetch;
    addon.stopRun('early_' + i);
    stopped(ask, 'early_' + i);
  }
  const answer = plain(addon.nextStep('sealed', 'turn_9'));
  assert.equal(answer.cancelled, undefined);
  assert.equal(told.book.named('Invoices').getLastRow(), 2);
});

test('Cancel in one view stops no step of another one, nor one that a trigger asks for', () => {
  const {addon, book} = running({'export/steps': stepOf(END(ROWS), null)});
  addon.stopRun('turn_1');
  for (const turn of ['turn_2', undefined, null, {}]) assert.equal(plain(addon.nextStep('sealed', turn)).cancelled, undefined);
  assert.equal(book.named('Invoices').getLastRow(), 2);
  for (const turn of [undefined, null, 7, '', 'a b']) assert.equal(plain(addon.stopRun(turn)).error.code, 'bad_request');
});

test('a step is applied and answered without a row', () => {
  const {addon, book, sent} = running({'export/entities/invoices': stepOf([STAGE], 'sealed')});
  const answer = plain(addon.startExport(REQUEST));
  assert.equal(answer.cursor, 'sealed');
  assert.deepEqual(answer.progress, PROGRESS);
  assert.ok(!JSON.stringify(answer).includes('secret name'));
  assert.equal(book.named('CF stage run_1').getLastRow(), 2);
  assert.deepEqual(sent('runs/acknowledge'), []);
});

test('the last step is acknowledged with its rows alone, and names the sums for the sidebar', () => {
  const {addon, sent} = running({'export/steps': stepOf(END(ROWS), null)});
  const answer = plain(addon.nextStep('sealed'));
  assert.deepEqual(answer.seen, {rows: 1, digest: true, totals: [{title: 'Total', scale: 2, sum: '123450'}]});
  assert.deepEqual(sent('runs/acknowledge'), [{
    spreadsheet: 0, run_id: 'run_1', applied: true, seen: {rows: 1},
    op: null, why_code: null,
  }]);
});

test('a step that the sheet refuses is acknowledged by a code, and its stage goes', () => {
  const {addon, book, sent} = running({'export/steps': stepOf([STAGE, ...END([['other', 1]])], null)});
  const answer = plain(addon.nextStep('sealed'));
  assert.equal(answer.error.code, 'differs_digest');
  assert.deepEqual([answer.error.run_short, answer.error.exporter_id], ['7Q4K-2M', 'exp_1']);
  assert.equal(answer.error.retryable, false);
  assert.deepEqual(sent('runs/acknowledge'), [{
    spreadsheet: 0, run_id: 'run_1', applied: false, seen: null, op: 4, why_code: 'differs_digest',
  }]);
  assert.equal(book.named('CF stage run_1'), undefined);
});

test('while someone else writes, the same step can be tried again', () => {
  const {addon, sent} = running({'export/steps': stepOf([STAGE], 'sealed')}, {locked: true});
  const {error} = plain(addon.nextStep('sealed'));
  assert.deepEqual([error.code, error.retryable], ['sheet_busy', true]);
  assert.deepEqual(sent('runs/acknowledge'), []);
});

test('a first step that nobody could write is over, and its export is there to be run again', () => {
  const {addon, seen, sent} = running({'export/entities/invoices': stepOf([STAGE], 'sealed')}, {locked: true});
  addon.catalog(); // Makes the sheet's key, under the lock.
  seen.locks = 0;
  const {error} = plain(addon.startExport(REQUEST));
  assert.equal(seen.locks, 1);
  assert.deepEqual([error.code, error.retryable, error.ended, error.exporter_id], ['sheet_busy', true, true, 'exp_1']);
  assert.equal(sent('runs/acknowledge')[0].why_code, 'sheet_busy');
});

test('a sheet that takes no more writes is told to the backend, and the lock is let go', () => {
  const {addon, seen, sent, world} = running({'export/steps': stepOf([STAGE], 'sealed')});
  let released = 0;
  const lock = {tryLock: () => true, waitLock() {}, releaseLock: () => released++};
  world.LockService.getDocumentLock = () => lock;
  world.SpreadsheetApp.flush = () => { throw new Error('Service error: Spreadsheets'); };
  const {error} = plain(addon.nextStep('sealed'));
  assert.equal(error.code, 'refused');
  assert.equal(released >= 1, true);
  assert.equal(sent('runs/acknowledge')[0].why_code, 'refused');
});

const RECEIPT = (rows) => ({
  op: 'receipt', state: 'done', run: 'run_1', fence: 1, rows: 2, columns: 2, keys: '3yZ0Q_8kHb1x',
  digest: {chunks: [[1, 1]], value: digest(rows).value}, at: '2026-01-31T12:00:00Z',
});
const STAGED_END = (rows) => [
  LOOK(rows), {op: 'commit', run: 'run_1', header_rows: 1, columns: COLUMNS, stage_rows: 2}, LOOK(rows), RECEIPT(rows),
  {op: 'drop_stage', run: 'run_1'},
];

function completedBefore(rows) {
  const told = running({'export/steps': stepOf(STAGED_END(rows), null)});
  told.addon.nextStep('before'); // makes the sheet's key
  const tab = told.book.tab('Invoices');
  tab.getRange(1, 1, 2, 1).setNumberFormat('@');
  tab.getRange(1, 1, 2, 2).setValues([['Number', 'Total'], ["'" + ROWS[0][0], ROWS[0][1]]]);
  told.book.setNamedRange('CF_0000000000000001', tab.getRange(1, 1, 2, 2));
  const {op, ...receipt} = RECEIPT(ROWS);
  tab.addDeveloperMetadata('counterfoil:CF_0000000000000001', JSON.stringify(receipt), 'DOCUMENT');
  told.seen.requests.length = 0;
  return told;
}

test('a last step that was written before its tab closed is done, not failed', () => {
  const {addon, sent} = completedBefore(ROWS);
  const answer = plain(addon.nextStep('sealed'));
  assert.equal(answer.error, undefined);
  assert.deepEqual(answer.seen.totals, [{title: 'Total', scale: 2, sum: '123450'}]);
  assert.deepEqual(sent('runs/acknowledge'), [{
    spreadsheet: 0, run_id: 'run_1', applied: true, seen: {rows: 1}, op: null, why_code: null,
  }]);
});

test('where QuickBooks sends other rows the second time, the table stays and has no proof', () => {
  const {addon, sent} = completedBefore([['other', 1]]);
  const answer = plain(addon.nextStep('sealed'));
  assert.deepEqual([answer.proof, answer.seen], [null, null]);
  assert.match(answer.note, /run it again/);
  const [told] = sent('runs/acknowledge');
  assert.deepEqual([told.applied, told.why_code], [true, 'written_before']);
});

test('a run that the backend ended leaves no stage', () => {
  const over = {error: {
    code: 'quickbooks_busy', message: 'QuickBooks is away.', retryable: true, details: {ended: true, run_id: 'run_1'},
  }};
  const {addon, book} = running({'export/entities/invoices': stepOf([STAGE], 'sealed'), 'export/steps': [503, over]});
  addon.startExport(REQUEST);
  assert.ok(book.named('CF stage run_1'));
  const {error} = plain(addon.nextStep('sealed'));
  assert.deepEqual([error.message, error.ended], ['QuickBooks is away.', true]);
  assert.equal(book.named('CF stage run_1'), undefined);
});

test('a step that only waits touches nothing', () => {
  const {addon, book, seen} = running({'export/steps': {...stepOf([], 'sealed'), wait_s: 30}});
  seen.locks = 0;
  assert.equal(plain(addon.nextStep('sealed')).wait_s, 30);
  assert.deepEqual(book.tabs.map((tab) => tab.name), ['Sheet1']);
});

test('an error of the backend comes through', () => {
  const {addon} = running({});
  assert.equal(addon.runAgain('exp_1').error.code, 'not_found');
});

test('giving a run up drops its stage and says so to the backend', () => {
  const {addon, book, sent} = running({'export/entities/invoices': stepOf([STAGE], 'sealed')});
  addon.startExport(REQUEST);
  assert.deepEqual(plain(addon.abandon('run_1')), {ok: true});
  assert.deepEqual(book.tabs.map((tab) => tab.name), ['Sheet1']);
  assert.equal(sent('runs/acknowledge')[0].why_code, 'cancelled');
});

test('a cell that somebody changed is named, and can be replaced', () => {
  const key = '0f'.repeat(32);
  const old = {op: 'expect', on: 'old', run: 'run_1', fence: 2, key, keys: '3yZ0Q_', titles: ['Id'], replace: false};
  const {addon, book, sent} = running({'export/exporters/exp_1/run': stepOf([old], 'sealed')});
  const tab = book.tab("Ann's");
  book.setNamedRange('CF_0000000000000001', tab.getRange(1, 1, 2, 1));
  const digest = {chunks: [[1, 1]], value: '0'.repeat(64)};
  tab.addDeveloperMetadata('counterfoil:CF_0000000000000001',
    JSON.stringify({state: 'done', run: 'run_0', fence: 1, rows: 2, columns: 1, keys: '3yZ0Q_', digest}), 'DOCUMENT');
  const {error} = plain(addon.runAgain('exp_1', true));
  assert.deepEqual(sent('export/exporters/exp_1/run')[0].replace, true);
  assert.deepEqual([error.code, error.cell, error.replaceable], ['differs_cell', "'Ann''s'!A2", true]);
  assert.match(error.message, /'Ann''s'!A2/);
  assert.equal(sent('runs/acknowledge')[0].why_code, 'differs_cell');
});

test('only what the backend knows is sent on', () => {
  const {addon, sent} = running({'export/entities/invoices': stepOf([], 'sealed')});
  addon.startExport({...REQUEST, extra: 1, options: {...REQUEST.options, extra: 2}});
  assert.deepEqual(sent('export/entities/invoices'), [{
    spreadsheet: 0, connection_id: 'con_1', options: REQUEST.options, target: {tab: 'Invoices'},
  }]);
});

test('what an export would bring is asked for with the same choices', () => {
  const told = {rows: 12480, columns: 16, cells: 199696, calls: 15};
  const {addon, sent} = running({'export/entities/invoices/estimate': told});
  assert.deepEqual(plain(addon.estimate(REQUEST)), told);
  assert.deepEqual(sent('export/entities/invoices/estimate')[0].options, REQUEST.options);
});

test('the first rows of a list or a report are asked for with the same choices', () => {
  const told = {columns: ['Id'], rows: [['1']], more: false};
  const {addon, sent} = running({'export/entities/invoices/preview': told, 'export/reports/trial-balance/preview': told});
  assert.deepEqual(plain(addon.preview(REQUEST)), told);
  assert.deepEqual(sent('export/entities/invoices/preview')[0].options, REQUEST.options);
  assert.deepEqual(plain(addon.preview({...REQUEST, kind: 'reports', dataset: 'trial-balance'})), told);
  assert.deepEqual(sent('export/reports/trial-balance/preview')[0].options, REQUEST.options);
});

test('tables of exports that are not listed are counted by this sheet alone', () => {
  const listed = {id: 'exp_1', block: 'CF_0000000000000001', title: 'Invoices'};
  const {addon, book} = running({home: {exporters: [listed], connections: []}});
  const others = () => plain(addon.home().sheet.others);
  assert.deepEqual(others(), {n: 0, tabs: []});
  const names = [
    ['CF_0000000000000001', 'Invoices', 1], ['CF_0000000000000002', 'Bills', 1], ['CF_0000000000000003', 'Bills', 5],
    ['CF stage run_1', 'Bills', 2], ['Mine', 'Bills', 3], ['CF_2026', 'Plan', 1], ['CF_Q1', 'Plan', 2],
  ];
  for (const [name, tab, row] of names) {
    book.setNamedRange(name, (book.named(tab) || book.tab(tab)).getRange(row, 1));
  }
  assert.deepEqual(others(), {n: 2, tabs: ['Bills']});
});

test('a table whose export is deleted here is told of no more', () => {
  const {addon, book} = running({home: {exporters: [], connections: []}, 'exporters/exp_23456789abcd/delete': {ok: true}});
  for (const name of ['CF_0000000000000002', 'CF_0000000000000003']) book.setNamedRange(name, book.tab(name).getRange(1, 1));
  assert.equal(addon.deleteExporter('exp_23456789abcd', 'Bills').error.code, 'bad_request');
  assert.deepEqual(plain(addon.home().sheet.others), {n: 2, tabs: ['CF_0000000000000002', 'CF_0000000000000003']});
  assert.deepEqual(plain(addon.deleteExporter('exp_23456789abcd', 'CF_0000000000000002')), {ok: true});
  assert.deepEqual(plain(addon.home().sheet.others), {n: 1, tabs: ['CF_0000000000000003']});
});

test('tables whose exports went with their company are told of no more', () => {
  const refused = {error: {code: 'confirmation_needed', message: 'Other words.', retryable: false}};
  const answers = {home: {exporters: [], connections: []}, 'connections/con_acme12345/delete': refused};
  const {addon, book} = running(answers);
  for (const name of ['CF_0000000000000002', 'CF_0000000000000003', 'CF_0000000000000004']) book.setNamedRange(name, book.tab(name).getRange(1, 1));
  assert.deepEqual(plain(addon.deleteCompany('con_acme12345', 'word', ['CF_0000000000000002', 'CF_0000000000000003'])), refused);
  assert.deepEqual(plain(addon.home().sheet.others), {n: 3, tabs: ['CF_0000000000000002', 'CF_0000000000000003', 'CF_0000000000000004']});
  answers['connections/con_acme12345/delete'] = {ok: true};
  assert.deepEqual(plain(addon.deleteCompany('con_acme12345', 'word', ['CF_0000000000000002', 'CF_0000000000000003'])), {ok: true});
  assert.deepEqual(plain(addon.home().sheet.others), {n: 1, tabs: ['CF_0000000000000004']});
});

test('tables that the person saw and whose company is gone are told of by its name, until they want no more of it', () => {
  const [mine, bills] = ['CF_0000000000000001', 'CF_0000000000000002'];
  const answers = {home: {connections: [{name: 'Acme'}, {name: 'Birch'}], exporters: [
    {id: 'exp_1', block: mine, title: 'Invoices', connection_name: 'Acme'}, {id: 'exp_2', block: bills, title: 'Bills', connection_name: 'Birch'},
  ]}};
  const {addon, book, properties} = running(answers);
  book.setNamedRange(mine, book.tab('Invoices').getRange(1, 1));
  book.setNamedRange(bills, book.tab('Bills').getRange(1, 1));
  book.setNamedRange('CF_0000000000000003', book.tab('Bills').getRange(5, 1));
  const told = () => (({lost, others}) => plain({lost, others}))(addon.home().sheet);
  const unknown = {n: 1, tabs: ['Bills']};
  assert.deepEqual(told(), {lost: [], others: unknown});
  const before = answers.home;
  answers.home = {connections: [{name: 'Acme'}], exporters: [before.exporters[0]]};
  const lost = [{company: 'Birch', tabs: ['Bills'], blocks: [bills]}];
  assert.deepEqual(told(), {lost, others: unknown});
  assert.deepEqual(told(), {lost, others: unknown}); // It was not only for once.
  book.active = book.tabs.find((tab) => tab.getName() === 'Bills');
  addon.refreshThis();
  assert.match(book.toasts.at(-1), /^This table read Birch, which was deleted in Counterfoil, or of which/);
  answers.home = before; // Somebody has invited them again.
  assert.deepEqual(told(), {lost: [], others: unknown});
  answers.home = {connections: [{name: 'Acme'}], exporters: [before.exporters[0]]};
  assert.equal(addon.forgetTables(['Bills']).error.code, 'bad_request');
  assert.deepEqual(plain(addon.forgetTables([bills])), {ok: true});
  assert.deepEqual(told(), {lost: [], others: unknown});
  answers.home = {connections: [{name: 'Acme'}], exporters: []};
  assert.deepEqual(told(), {lost: [], others: {n: 2, tabs: ['Invoices', 'Bills']}}); // The company is there: its export is not.
  addon.forgetAll_();
  assert.deepEqual([...properties.user.keys()], []);
});

test('a deletion is done even where Google does not keep that its table is let go', () => {
  const {addon, world} = running({
    'exporters/exp_23456789abcd/delete': {ok: true}, 'connections/con_acme12345/delete': {ok: true},
  });
  const kept = world.PropertiesService.getDocumentProperties;
  world.PropertiesService.getDocumentProperties = () => ({
    ...kept(),
    setProperty: (key, value) => {
      if (key === 'letGo') throw new Error('Service invoked too many times');
      kept().setProperty(key, value);
    },
  });
  assert.deepEqual(plain(addon.deleteExporter('exp_23456789abcd', 'CF_0000000000000002')), {ok: true});
  assert.deepEqual(plain(addon.deleteCompany('con_acme12345', 'word', ['CF_0000000000000003'])), {ok: true});
});

test('one that could not be deleted is told of as before', () => {
  const refused = {error: {code: 'forbidden', message: 'Ask an owner.', retryable: false}};
  const {addon, book} = running({home: {exporters: [], connections: []}, 'exporters/exp_23456789abcd/delete': refused});
  book.setNamedRange('CF_0000000000000002', book.tab('Bills').getRange(1, 1));
  assert.deepEqual(plain(addon.deleteExporter('exp_23456789abcd', 'CF_0000000000000002')), refused);
  assert.deepEqual(plain(addon.home().sheet.others), {n: 1, tabs: ['Bills']});
});

test('a table is shown where it stands, and missed in words', () => {
  const {addon, book} = running({});
  book.setNamedRange('CF_0000000000000001', book.tab('Invoices').getRange(2, 2));
  assert.deepEqual(plain(addon.showBlock('CF_0000000000000001')), {ok: true});
  assert.equal(book.active.name, 'Invoices');
  assert.equal(addon.showBlock('CF_0000000000000002').error.code, 'block_missing');
});

test('whatever a console may send, no function throws and no request is made', () => {
  const odd = [undefined, 0, '', 'a b', '../oauth', {}, [], 'x'.repeat(800001), {toString: () => 'con_1'}, 'é', 'a/b', '?x'];
  const requests = [
    ...odd, {...REQUEST, kind: 'connections'}, {...REQUEST, dataset: '../home'}, {...REQUEST, connection_id: {}},
    {...REQUEST, tab: ''}, {...REQUEST, tab: 'x'.repeat(101)}, {...REQUEST, options: null},
    {...REQUEST, options: {...REQUEST.options, columns: 'Id'}}, {...REQUEST, options: {...REQUEST.options, columns: [1]}},
    {...REQUEST, options: {...REQUEST.options, from: 'yesterday'}}, {...REQUEST, options: {...REQUEST.options, to: 5}},
    {...REQUEST, options: {...REQUEST.options, parameters: {a: {}}}}, {...REQUEST, options: {...REQUEST.options, parameters: []}},
  ];
  const {addon, seen} = running({});
  for (const value of odd) {
    for (const name of ['connectTicket', 'connectAttempt', 'nextStep', 'runAgain', 'goOn', 'abandon', 'showBlock', 'showCell']) {
      if (name === 'nextStep' && ['../oauth', 'a/b', '?x'].includes(value)) continue; // A cursor is any text.
      assert.equal(addon[name](value).error.code, 'bad_request', `${name}(${String(value).slice(0, 20)})`);
    }
  }
  for (const request of requests) {
    assert.equal(addon.startExport(request).error.code, 'bad_request');
    assert.equal(addon.estimate(request).error.code, 'bad_request');
    assert.equal(addon.preview(request).error.code, 'bad_request');
  }
  assert.equal(seen.requests.length, 0);
});
