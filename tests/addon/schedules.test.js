'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const START = Date.UTC(2026, 10, 22, 10, 0);
const HOUR = 3600e3;
const FULL = 'Exception: This script has too many triggers. Triggers must be deleted from the script first.';
const DAILY = {often: 'daily', hour: 10};
const [INVOICES, BILLS] = [{id: 'exp_invoices1', title: 'Invoices', block: 'CF_0000000000000001'}, {id: 'exp_bills0001', title: 'Bills', block: 'CF_0000000000000002'}];
const COMPANY = {id: 'con_1', state: 'connected'};

const stepOf = ({id, title, block}, cursor = null) => ({
  run_id: 'run_' + id, run_short: '7Q4K-2M', exporter_id: id, block, title, operations: [], cursor, wait_s: 0,
  progress: {rows: 1284}, proof: cursor ? null : {verdict: 'PASS', rows: 1284, totals: []},
});
const refused = (code, message, details) => [409, {error: {code, message, retryable: false, details}}];

/** A backend where `due` is due, and runs of an export answer `steps`, a list by its id. */
function office({due = [], steps = {}, mine = due.length || 1, takes = 0, here = [INVOICES, BILLS], ...options} = {}) {
  const clock = {now: START};
  const state = {due, mine};
  const of = (path) => Object.keys(steps).find((id) => path.includes(id));
  let last = '';
  const backend = (path) => {
    if (path === 'exporters/due') return [200, state];
    if (path === 'home') return [200, {connections: [COMPANY], exporters: here.map((each) => ({run: null, ...each, connection_id: 'con_1'}))}];
    if (path === 'runs/park' && options.parked) return options.parked;
    if (path.startsWith('runs/')) return [200, {ok: true}];
    if (/\/(schedule|take)$/.test(path)) return options.refuses || [200, {id: 'exp_invoices1'}];
    clock.now += takes;
    last = of(path) || last;
    const next = steps[last].shift();
    return Array.isArray(next) ? next : [200, next];
  };
  const told = services({backend, ...options});
  told.world.Date = class extends Date {
    constructor(...given) { super(...(given.length ? given : [clock.now])); }
    static now() { return clock.now; }
  };
  const asked = () => told.seen.requests.map(({url}) => url.replace('https://backend.test/', ''));
  const log = () => {
    const tab = told.book.getSheetByName('Counterfoil log');
    return tab ? tab.getRange(1, 1, tab.getLastRow(), 4).getDisplayValues() : [];
  };
  return {...told, addon: load(told.world), clock, state, asked, log};
}

test('a schedule is set, and one trigger runs whatever the person has here', () => {
  const {addon, asked, triggers} = office();
  addon.setSchedule(INVOICES.id, DAILY);
  addon.setSchedule(BILLS.id, {often: 'hourly'});
  addon.takeSchedule(BILLS.id);
  assert.equal(triggers.length, 1);
  assert.deepEqual(asked(), [`exporters/${INVOICES.id}/schedule`, `exporters/${BILLS.id}/schedule`, `exporters/${BILLS.id}/take`]);
});

test('where Google gives no trigger nothing is scheduled, and the reason is said', () => {
  const full = office({noTrigger: FULL});
  assert.equal(plain(full.addon.setSchedule(INVOICES.id, DAILY)).error.code, 'too_many_triggers');
  const other = office({noTrigger: 'no'});
  assert.equal(plain(other.addon.takeSchedule(INVOICES.id)).error.code, 'no_trigger');
  assert.deepEqual([full.asked(), other.asked()], [[], []]);
});

test('a schedule that the backend refuses leaves no trigger behind', () => {
  const {addon, triggers} = office({refuses: refused('forbidden', 'Ask an owner.')});
  assert.equal(plain(addon.setSchedule(INVOICES.id, DAILY)).error.code, 'forbidden');
  assert.deepEqual(triggers, []);
});

test('ending a schedule asks for no trigger', () => {
  const {addon, asked} = office({noTrigger: FULL});
  assert.deepEqual(plain(addon.setSchedule(INVOICES.id, null)), {id: 'exp_invoices1'});
  assert.equal(asked().length, 1);
});

test('what nobody can choose never leaves the add-on', () => {
  const {addon, asked} = office();
  const refusals = [
    addon.setSchedule('exp_../..', DAILY), addon.setSchedule(INVOICES.id, undefined), addon.setSchedule(INVOICES.id, 'daily'),
    addon.setSchedule(INVOICES.id, {often: 'yearly'}), addon.setSchedule(INVOICES.id, {often: 'daily', hour: '10'}),
    addon.setSchedule(INVOICES.id, {often: 'daily', hour: 10, run_as: 1}), addon.setSchedule(INVOICES.id, {often: 'daily', hour: -1}),
    addon.takeSchedule(null),
  ];
  assert.deepEqual(refusals.map(({error}) => error.code), Array(refusals.length).fill('bad_request'));
  assert.deepEqual(asked(), []);
});

test('one call of the backend when nothing is due, and none where nothing is scheduled', () => {
  const told = office();
  told.addon.onHour({});
  assert.deepEqual(told.asked(), []);
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.deepEqual(told.asked().slice(1), ['exporters/due']);
  assert.deepEqual([told.log(), told.triggers.length], [[], 1]);
});

test('what is due runs in the order in which it waits, and each run has its line in the log', () => {
  const told = office({due: [BILLS, INVOICES], steps: {
    [BILLS.id]: [stepOf(BILLS, 'c1'), stepOf(BILLS)], [INVOICES.id]: [stepOf(INVOICES)],
  }});
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.deepEqual(told.asked().slice(1), [
    'exporters/due', `export/exporters/${BILLS.id}/run`, 'export/steps', 'runs/acknowledge',
    `export/exporters/${INVOICES.id}/run`, 'runs/acknowledge',
  ]);
  assert.equal(plain(told.seen.requests[2].body).scheduled, true);
  assert.deepEqual(told.log(), [
    ['When', 'Export', 'What came of it', 'Run'],
    ['2026-11-22 10:00', 'Bills', '1,284 rows, complete', 'run 7Q4K-2M'],
    ['2026-11-22 10:00', 'Invoices', '1,284 rows, complete', 'run 7Q4K-2M'],
  ]);
  const tab = told.book.getSheetByName('Counterfoil log');
  assert.equal(tab.frozen, 1);
  assert.deepEqual([...tab.widths], [[1, 130], [2, 180], [3, 640], [4, 110]]);
  assert.deepEqual([1, 2].map((row) => tab.cell(row, 4).weight), ['bold', 'normal']);
});

test('one that fails is said in the log and in the sidebar, and the next one runs', () => {
  const told = office({due: [BILLS, INVOICES], steps: {
    [BILLS.id]: [refused('reconnect_required', 'Reconnect Acme.')], [INVOICES.id]: [stepOf(INVOICES)],
  }});
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.deepEqual(told.log().slice(1).map(([, title, what]) => [title, what]), [
    ['Bills', 'Reconnect Acme.'], ['Invoices', '1,284 rows, complete'],
  ]);
  assert.equal(plain(told.addon.home()).sheet.trouble, 'Bills was not refreshed. Reconnect Acme.');
});

test('the soft stop leaves what is left to the next hour', () => {
  const told = office({takes: 150000, due: [BILLS, INVOICES], steps: {
    [BILLS.id]: [stepOf(BILLS, 'c1'), stepOf(BILLS)], [INVOICES.id]: [stepOf(INVOICES)],
  }});
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.ok(!told.asked().includes(`export/exporters/${INVOICES.id}/run`));
});

test('a scheduled run goes on from its cursor, and stays one that nobody looks at', () => {
  const told = office({takes: 150000, due: [BILLS], steps: {
    [BILLS.id]: [stepOf(BILLS, 'c1'), stepOf(BILLS, 'c2'), stepOf(BILLS)],
  }});
  told.addon.setSchedule(BILLS.id, DAILY);
  told.addon.onHour({});
  assert.deepEqual(told.asked().slice(-3), [`export/exporters/${BILLS.id}/run`, 'export/steps', 'runs/park']);
  Object.assign(told.state, {due: []});
  told.clock.now = START + HOUR;
  told.addon.onHour({});
  assert.equal(plain(told.seen.requests.filter(({url}) => url.endsWith('steps')).at(-1).body).cursor, 'c2');
  assert.deepEqual(told.log().at(-1).slice(1), ['Bills', '1,284 rows, complete', 'run 7Q4K-2M']);
});

test('a run that the backend lets go on no longer is over here too', () => {
  const stopped = refused('schedule_stopped', 'It is too large: managed refresh.', {ended: true, run_id: 'run_1', exporter_id: BILLS.id});
  const told = office({takes: 250000, due: [BILLS], parked: stopped, steps: {[BILLS.id]: [stepOf(BILLS, 'c1')]}});
  told.addon.setSchedule(BILLS.id, DAILY);
  told.addon.onHour({});
  assert.equal([...told.properties.user.keys()].filter((key) => key.startsWith('run:')).length, 0);
  assert.deepEqual(told.log().at(-1).slice(1, 3), ['Bills', 'It is too large: managed refresh.']);
});

test('with the last schedule the trigger goes', () => {
  const told = office({mine: 0});
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.deepEqual(told.triggers, []);
});

test('the log stays under a thousand rows and loses only its own oldest lines', () => {
  const told = office({due: [INVOICES], steps: {[INVOICES.id]: [stepOf(INVOICES)]}});
  const tab = told.book.insertSheet('Counterfoil log');
  tab.insertRowsAfter(20, 1000);
  tab.getRange(1, 1).setValues([['what a person typed']]);
  tab.getRange(2, 1, 500, 1).setNumberFormat('@').setValues(Array.from({length: 500}, () => ['2026-01-01 00:00']));
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.equal(tab.getLastRow(), 402);
  assert.equal(tab.getRange(1, 1).getValue(), 'what a person typed');
  assert.equal(tab.getRange(402, 2).getValue(), 'Invoices');
});

test('lists of what changed go once they are too many together, whatever else the log holds', () => {
  const {addon} = office({});
  const list = ['', 'Bills', 'changed'].map((first) => [first, first === 'Bills' ? '2026-01-04T09:00:00Z' : '']);
  list.splice(2, 0, ['1 changed', '']);
  const others = Array.from({length: 1000}, () => ['2026-01-01 00:00', 'Invoices']);
  const log = [...others, ...list, ...others, ...list, ...list];
  assert.deepEqual(plain(addon.aged_(log, 13)), []);
  assert.deepEqual(plain(addon.aged_(log, 12)), [{row: 1000, rows: 4}]);
  assert.deepEqual(plain(addon.aged_(log, 1)).map(({row}) => row), [1000, 2004, 2008]);
});

test('the history of what nobody looked at begins with the newest, and is empty without a log', () => {
  const told = office({due: [BILLS, INVOICES], steps: {
    [BILLS.id]: [refused('no_room', 'There is no room.')], [INVOICES.id]: [stepOf(INVOICES)],
  }});
  assert.deepEqual(plain(told.addon.history()), {lines: []});
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.addon.onHour({});
  assert.deepEqual(plain(told.addon.history()).lines, [
    {at: '2026-11-22 10:00', title: 'Invoices', what: '1,284 rows, complete', run: 'run 7Q4K-2M'},
    {at: '2026-11-22 10:00', title: 'Bills', what: 'There is no room.', run: ''},
  ]);
});

test('where the hourly call stays away, the sidebar of whose it is makes a new trigger', () => {
  const told = office();
  told.addon.setSchedule(INVOICES.id, DAILY);
  const [first] = told.triggers;
  told.clock.now = START + 3 * HOUR;
  told.addon.home();
  assert.deepEqual(told.triggers, [first]); // Google is late sometimes.
  told.triggers.pop(); // deleted by hand
  told.addon.home();
  assert.equal(told.triggers.length, 0);
  told.clock.now += 1;
  assert.equal(plain(told.addon.home()).sheet.trouble, null);
  const [second] = told.triggers;
  told.clock.now += 4 * HOUR; // there, and disabled with an old deployment
  told.addon.home();
  assert.deepEqual([told.triggers.length, told.triggers[0] === second], [1, false]);
  told.clock.now += 4 * HOUR;
  told.addon.takeSchedule(INVOICES.id);
  assert.equal(told.triggers.length, 1);
});

test('where Google gives no new trigger the sidebar says so, and nobody without a schedule is asked for one', () => {
  const options = {};
  const told = office(options);
  told.clock.now += 24 * HOUR;
  told.addon.home();
  assert.equal(told.triggers.length, 0);
  told.addon.setSchedule(INVOICES.id, DAILY);
  told.clock.now += 4 * HOUR;
  told.world.ScriptApp.newTrigger = () => { throw new Error(FULL); };
  assert.match(plain(told.addon.home()).sheet.trouble, /You have schedules in 20 spreadsheets/);
});

test('an hourly call that the backend does not answer is said in the sidebar', () => {
  const told = office();
  told.addon.setSchedule(INVOICES.id, DAILY);
  const {fetch} = told.world.UrlFetchApp;
  told.world.UrlFetchApp.fetch = (url, ...more) => {
    if (url.endsWith('exporters/due')) throw new Error('away');
    return fetch(url, ...more);
  };
  told.addon.onHour({});
  assert.match(plain(told.addon.home()).sheet.trouble, /^The schedules of this spreadsheet did not run\. .*server does not answer/);
  told.world.UrlFetchApp.fetch = fetch;
  told.addon.onHour({});
  assert.equal(plain(told.addon.home()).sheet.trouble, null);
});

test('the menu refreshes all, one after the other, and says how each went', () => {
  const told = office({steps: {[INVOICES.id]: [stepOf(INVOICES)], [BILLS.id]: [refused('no_room', 'There is no room.')]}});
  told.addon.refreshAll();
  assert.deepEqual(told.book.toasts, [
    'One moment…', 'Refreshing 1 of 2: Invoices…', 'Refreshing 2 of 2: Bills…',
    'Bills was not refreshed. There is no room.\n1 of 2 exports is refreshed.',
  ]);
});

test('the menu tells by name only what a person must know of, whatever else was refreshed', () => {
  const terms = {id: 'exp_terms00001', title: 'Terms', block: 'CF_0000000000000003'};
  const apart = {...stepOf(terms), proof: {rows: 1284, verdict: 'PASS', ties: [{title: 'Net income', verdict: 'FAIL', why: '1.00 apart.'}]}};
  const told = office({here: [INVOICES, BILLS, terms], steps: {
    [INVOICES.id]: [stepOf(INVOICES)], [BILLS.id]: [stepOf(BILLS)], [terms.id]: [apart],
  }});
  told.addon.refreshAll();
  assert.match(told.book.toasts.at(-1), /^Terms: 1,284 rows, complete .*1\.00 apart\.\n3 exports are refreshed\.$/);
  const short = office({here: [INVOICES, BILLS], steps: {
    [INVOICES.id]: [{...stepOf(INVOICES), proof: {rows: 3, verdict: 'FAIL', ties: []}}], [BILLS.id]: [stepOf(BILLS)],
  }});
  short.addon.refreshAll();
  assert.equal(short.book.toasts.at(-1), 'Invoices: 3 rows, not complete\n1 of 2 exports is refreshed.');
});

test('the menu promises nothing of a large export where Google gives no trigger, and neither does its card', () => {
  const told = office({noTrigger: FULL, takes: 150000, here: [INVOICES], steps: {[INVOICES.id]: [stepOf(INVOICES, 'c1'), stepOf(INVOICES, 'c2')]}});
  told.addon.refreshAll();
  assert.equal(told.book.toasts.at(-1), 'Invoices is large, and Google does not let it go on in the background. Open Counterfoil and run it there.');
  assert.deepEqual(plain(told.addon.home()).exporters[0].kept, {goes_on_at: null, anew: false});
  const can = office({takes: 150000, here: [INVOICES], steps: {[INVOICES.id]: [stepOf(INVOICES, 'c1'), stepOf(INVOICES, 'c2')]}});
  can.addon.refreshAll();
  assert.equal(can.book.toasts.at(-1), 'Invoices is large: it goes on by itself within the hour.');
  assert.equal(plain(can.addon.home()).exporters[0].kept.goes_on_at, '2026-11-22T11:02:30.000Z'); // an hour after its trigger was made
});

test('the menu leaves frozen tables alone, and updates of one company share a call', () => {
  const frozen = {id: 'exp_frozen001', title: 'Last year', block: 'CF_0000000000000003', frozen: {by: 'Ada', at: '2026-01-05T10:00:00Z'}};
  const told = office({here: [INVOICES, frozen, BILLS], steps: {
    [INVOICES.id]: [{...stepOf(INVOICES), update: {shares: true}}], [BILLS.id]: [stepOf(BILLS)],
  }});
  told.addon.refreshAll();
  assert.equal(told.book.toasts.at(-1), '2 exports are refreshed.');
  const runs = told.seen.requests.filter(({url}) => url.endsWith('/run')).map(({body}) => plain(body));
  assert.deepEqual(runs.map(({together, after}) => ({together, after})), [
    {together: [BILLS.id], after: undefined}, {together: undefined, after: 'run_exp_invoices1'},
  ]);
});

test('the menu says how many it left out, and what to do where it can run none', () => {
  const [resting, running] = [{...BILLS, paused: 'author_gone'}, {id: 'exp_other0001', title: 'Terms', block: 'CF_0000000000000003', run: {since: '2026-11-22T09:59:00Z'}}];
  const said = (...here) => {
    const told = office({here, steps: {[INVOICES.id]: [stepOf(INVOICES)]}});
    told.addon.refreshAll();
    return told.book.toasts.at(-1);
  };
  assert.equal(said(INVOICES, resting), 'Invoices: 1,284 rows, complete\n1 other cannot run just now. Open Counterfoil to see why.');
  assert.equal(said(INVOICES, resting, running), 'Invoices: 1,284 rows, complete\n2 others cannot run just now. Open Counterfoil to see why.');
  assert.equal(said(resting), 'No export here can run just now. Open Counterfoil to see why.');
  assert.equal(said(), 'There is no export here. Open Counterfoil to make one.');
});

test('the menu says plainly why there is nothing to refresh for a person whose company the tables do not read', () => {
  const told = office({here: []});
  const said = () => {
    told.addon.refreshAll();
    return told.book.toasts.at(-1);
  };
  told.book.setNamedRange('CF_0123456789abcdef', told.book.tabs[0].getRange(1, 1));
  assert.equal(said(), '1 table here belongs to no export that you can see. If it reads a company of which you are no member, ask whoever made it to invite you.');
  told.book.setNamedRange('CF_123456789abcdef0', told.book.tabs[0].getRange(5, 1));
  assert.equal(said(), '2 tables here belong to no export that you can see. If they read a company of which you are no member, ask whoever made them to invite you.');
});

test('the menu says that the company is gone which all tables read, not that there is no export', () => {
  const here = [INVOICES, BILLS].map((each) => ({...each, connection_name: 'Acme'}));
  const told = office({here});
  here.forEach(({block}, i) => told.book.setNamedRange(block, told.book.tabs[0].getRange(1 + 5 * i, 1)));
  told.addon.home();
  here.length = 0;
  told.addon.refreshAll();
  assert.equal(told.book.toasts.at(-1), '2 tables here read Acme, which was deleted in Counterfoil, or of which you are no member any more. They stay as they are.');
});

test('the menu refreshes the table that the selected cell is in', () => {
  const told = office({steps: {[BILLS.id]: [stepOf(BILLS)]}});
  told.book.setNamedRange('CF_0000000000000002', told.book.tabs[0].getRange(3, 2, 5, 2));
  told.addon.refreshThis();
  assert.match(told.book.toasts.at(-1), /in no table of Counterfoil/);
  told.book.current = [4, 3];
  told.addon.refreshThis();
  assert.equal(told.book.toasts.at(-1), 'Bills: 1,284 rows, complete');
  told.book.setNamedRange('CF_0123456789abcdef', told.book.tabs[0].getRange(10, 1));
  told.book.current = [10, 1];
  told.addon.refreshThis();
  assert.match(told.book.toasts.at(-1), /no export that you can see\. If it reads a company of which you are no member/);
});

test('from the menu a failing server is said by the same toast', () => {
  const told = services({backend: () => [500, 'oops']});
  load(told.world).refreshAll();
  assert.match(told.book.toasts.at(-1), /server does not answer/);
});

test('the sidebar opens once at what the menu asked for', () => {
  const told = office();
  told.world.HtmlService = {createTemplateFromFile: () => ({evaluate: () => ({setTitle: () => 'page'})})};
  const shown = [];
  const {getUi} = told.world.SpreadsheetApp;
  told.world.SpreadsheetApp.getUi = () => ({...getUi(), showSidebar: (page) => shown.push(page)});
  const addon = load(told.world);
  addon.newExportHere();
  assert.deepEqual(plain(addon.home()).open, {view: 'form', cell: "'Sheet1'!A1"});
  assert.equal(plain(addon.home()).open, undefined);
  addon.showCompaniesHere();
  addon.showHelpHere();
  assert.deepEqual(plain(addon.home()).open, {view: 'help'});
  told.book.tabs[0].getRange(1, 1).setValues([['mine']]);
  addon.newExportHere();
  assert.deepEqual(plain(addon.home()).open, {view: 'form', cell: null});
  assert.match(told.book.toasts.at(-1), /Choose an empty one/);
  assert.deepEqual(shown, ['page', 'page', 'page', 'page']);
  assert.match(told.book.toasts[0], /will begin in 'Sheet1'!A1/);
});

test('a line tells what was sent, counted, matching and in the sheet, the totals by currency and the changes', () => {
  const {provenOf_: line} = office().addon;
  const proof = {verdict: 'PASS', rows: 1284, sent: 1284, counted: 1284, of: null, totals: [
    {title: 'Total', currency: 'EUR', amount: '-5.50'}, {title: 'Total', currency: 'USD', amount: '-1234567.80'}, {title: 'Hours', currency: '', amount: '1000'},
  ]};
  const changes = {new: 3, changed: 0, gone: 0, removed: 1, news: []};
  assert.equal(line({proof, seen: {rows: 1284, totals: [], changes}}),
    '1,284 rows, complete · 1,284 sent · QuickBooks counts 1,284 · 1,284 in the sheet · Total -5.50 EUR · Total -1,234,567.80 USD · Hours 1,000'
    + ' · 3 new, 1 deleted in QuickBooks');
  const first = {verdict: 'FAIL', rows: 50, sent: 900, counted: 900, of: 800, totals: []};
  assert.equal(line({proof: first, seen: {rows: 50, totals: []}}),
    '50 rows, not complete · 900 sent · QuickBooks counts 900 · 800 match · 50 in the sheet');
});

test('of an update that asked for changes alone the line has the totals that the sheet has', () => {
  const {provenOf_: line} = office().addon;
  const proof = {verdict: 'PASS', rows: 146, sent: 1, counted: null, of: null, totals: []};
  const totals = [{title: 'Total', currency: 'EUR', sum: '-550', scale: 2}, {title: 'Total', currency: 'JPY', sum: '1234567', scale: 0}, {title: 'Hours', sum: '5', scale: 2}];
  assert.equal(line({proof, seen: {rows: 146, totals, changes: {new: 0, changed: 1, removed: 0, news: []}}}),
    '146 rows, complete · 1 sent · 146 in the sheet · Total -5.50 EUR · Total 1,234,567 JPY · Hours 0.05 · 1 changed');
  // Those of a replacement are sums over all currencies.
  assert.equal(line({proof, seen: {rows: 146, totals, changes: {new: 1, changed: 0, gone: 0, news: []}}}),
    '146 rows, complete · 1 sent · 146 in the sheet · 1 new');
});

test('a line says why that is all, and which total is not the sum of its lines', () => {
  const {provenOf_: line} = office().addon;
  const why = '1 of 7 totals is not the sum of its lines; it may be rounded.';
  const apart = 'It is "Total Income": 12.00, and its lines come to 11.00.';
  const proof = {verdict: 'NOT CHECKED', rows: 40, sent: 40, counted: null, of: null, totals: [], why, apart};
  const changes = {new: 0, changed: 0, gone: 0, removed: 0, news: []};
  assert.equal(line({proof, seen: {rows: 40, totals: [], changes}}),
    '40 rows, not checked · 40 sent · 40 in the sheet · ' + why + ' · ' + apart + ' · Nothing changed.');
});

test('a line says nothing of what is not known, and a zero that is', () => {
  const {provenOf_: line} = office().addon;
  const proof = {verdict: 'NOT CHECKED', rows: 0, sent: 0, counted: null, of: null};
  assert.equal(line({proof, seen: null}), '0 rows, not checked · 0 sent');
  assert.equal(line({proof: null, progress: {rows: 1}, seen: undefined}), '1 row, not checked');
});

test('what a run changed is told as in the sidebar, also where other columns keep it from being told', () => {
  const {changesTold_: told} = office().addon;
  assert.equal(told({new: 1284, changed: 2, gone: 1, closed: 1, news: []}), '1,284 new, 2 changed, 1 gone, 1 of them dated in closed books');
  assert.equal(told({new: 0, changed: 0, gone: 0, news: []}), 'Nothing changed.');
  assert.equal(told({new: 0, gone: 0, news: []}), 'No row is new or gone. The columns are others than before, so changes are not told.');
  assert.equal(told({new: 1, gone: 0, news: []}), '1 new');
});

test('where an update sends no number of rows, what is in the sheet is told', () => {
  const {addon} = office();
  const step = {proof: {verdict: 'PASS', rows: null, totals: []}, progress: {rows: 3}, seen: {rows: 1120}};
  assert.equal(addon.cameOf_(step), '1,120 rows, complete');
  assert.equal(addon.cameOf_({proof: null, progress: {rows: 1}}), '1 row, not checked');
});

/** A printed report's table whose first row is its title; `formulas` as its receipt has them. */
function titled(told, {formulas, state = 'done', beside = ''} = {}) {
  const tab = told.book.tabs[0];
  tab.getRange(1, 1, 2, 2).setValues([['Profit and Loss', beside], ['Account', 'Total']]);
  told.book.setNamedRange('CF_0000000000000001', tab.getRange(1, 1, 2, 2));
  const receipt = {state, run: 'run_1', rows: 2, columns: 2, keys: '', digest: {}, ...(formulas ? {formulas} : {})};
  tab.addDeveloperMetadata('counterfoil:CF_0000000000000001', JSON.stringify(receipt), 'DOCUMENT');
  const [item] = told.book.createDeveloperMetadataFinder().withKey('counterfoil:CF_0000000000000001').find();
  const cell = () => tab.getRange(1, 2);
  return {cell, formula: () => cell().getFormulas()[0][0], known: () => JSON.parse(item.getValue()).formulas};
}

const CELL = {template: 'not_refreshed_since', row: 0, column: 1, at: [46348, 36600], due: [46357, 18000]};
const WARNING = '=IF(NOW()>46357+18000/86400,"Not refreshed since "&TEXT(46348+36600/86400,"yyyy-mm-dd hh:mm"),"")';
const OURS = [[0, 1, 1, null]];

/** An office whose backend says so of the schedule; `set` sets one, here or as a take-over. */
function lateOffice(late, options) {
  const told = office({refuses: [200, {id: INVOICES.id, late}]});
  return {...titled(told, options), set: (schedule = DAILY) => told.addon.setSchedule(INVOICES.id, schedule), take: () => told.addon.takeSchedule(INVOICES.id)};
}

test('a table says from when on it is late by its new schedule, and nothing more once it has none', () => {
  const late = {block: 'CF_0000000000000001', titled: false, cell: CELL};
  const told = lateOffice(late, {formulas: OURS});
  told.cell().setFormula('=IF(NOW()>1+2/86400,"Not refreshed since "&TEXT(1+1/86400,"yyyy-mm-dd hh:mm"),"")');
  told.set();
  assert.equal(told.formula(), WARNING);
  late.cell = null;
  told.set(null);
  assert.deepEqual([told.formula(), told.cell().getDisplayValue()], ['', '']);
  late.cell = CELL;
  told.take();
  assert.deepEqual([told.formula(), told.known()], [WARNING, OURS]);
});

test('a report that ran before it had a schedule says so as well, and its receipt knows of it', () => {
  const told = lateOffice({block: 'CF_0000000000000001', titled: true, cell: CELL});
  told.set();
  assert.deepEqual([told.formula(), told.known()], [WARNING, OURS]);
});

test('a title row that is not there, a table that is being written and what a person typed are left alone', () => {
  const late = {block: 'CF_0000000000000001', titled: true, cell: CELL};
  for (const [how, options] of [
    [{...late, titled: false}, {}], [late, {formulas: OURS, state: 'writing'}], [late, {beside: 'mine'}],
    [{...late, block: 'CF_gone'}, {}], [null, {formulas: OURS}],
  ]) {
    const told = lateOffice(how, options);
    told.set();
    assert.deepEqual([told.formula(), told.known()], ['', options.formulas]);
  }
  const told = lateOffice(late, {formulas: OURS});
  told.cell().setFormula('=A2');
  told.set();
  assert.equal(told.formula(), '=A2');
});
