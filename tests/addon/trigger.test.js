'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const START = Date.UTC(2026, 10, 22, 10, 0);
const [MINUTE, HOUR] = [60e3, 3600e3];
const REQUEST = {
  kind: 'entities', dataset: 'invoices', connection_id: 'con_1', tab: 'Invoices',
  options: {columns: null, from: null, to: null, include_inactive: false, parameters: {}},
};
const FULL = 'Exception: This script has too many triggers. Triggers must be deleted from the script first.';

function stepOf(cursor, wait = 0) {
  return {
    run_id: 'run_1', run_short: '7Q4K-2M', exporter_id: 'exp_1', block: 'CF_1', title: 'Invoices', operations: [], cursor,
    wait_s: wait, progress: null, proof: null,
  };
}

const refused = (code, message, details) => [code === 'not_found' ? 404 : 409, {error: {code, message, retryable: true, details}}];

/** A backend that gives `steps` one after the other, each of which takes `takes` ms. */
function hours(steps, options = {}) {
  const clock = {now: START};
  const left = [...steps];
  const backend = (path) => {
    if (path.startsWith('runs/')) return [200, {ok: true}];
    if (path === 'home') return [200, {exporters: [{id: 'exp_1', block: 'CF_1', title: 'Invoices', run: null}]}];
    clock.now += options.takes || 0;
    const next = left.shift();
    if (next === undefined) throw new Error('nobody answers');
    return Array.isArray(next) ? next : [200, next];
  };
  const told = services({backend, ...options});
  told.world.Date = class extends Date {
    constructor(...given) { super(...(given.length ? given : [clock.now])); }
    static now() { return clock.now; }
  };
  told.world.Utilities.sleep = (ms) => { told.seen.slept.push(ms); clock.now += ms; };
  const sent = (path) => told.seen.requests.filter(({url}) => url.endsWith(path)).map(({body}) => plain({...body, spreadsheet: 0}));
  return {...told, addon: load(told.world), clock, sent};
}

const left = ({properties}) => [...properties.user.keys()].filter((key) => key.startsWith('run:'));

function leftHalfWay(steps, options) {
  const told = hours([stepOf('first'), ...steps], options);
  told.started = plain(told.addon.startExport(REQUEST));
  return told;
}

test('a run that takes a second step is kept, and Google is asked to call once an hour', () => {
  const told = leftHalfWay([]);
  assert.deepEqual([told.started.kept, told.started.why_not], [true, null]);
  assert.deepEqual(told.triggers.map((each) => [each.getHandlerFunction(), each.hours]), [['onHour', 1]]);
  const [exporter] = plain(told.addon.home()).exporters;
  assert.deepEqual(exporter.kept, {goes_on_at: '2026-11-22T11:00:00.000Z', anew: false});
});

test('a run that ends in the sidebar leaves nothing, and no trigger', () => {
  const told = leftHalfWay([stepOf('second'), stepOf(null)]);
  told.addon.nextStep('first');
  assert.equal(told.triggers.length, 1);
  assert.deepEqual(plain(told.addon.nextStep('second')).kept, undefined);
  assert.deepEqual([left(told), told.triggers], [[], []]);
});

test('an export of one step asks for no trigger at all', () => {
  const told = hours([stepOf(null)], {noTrigger: 'never asked for'});
  assert.equal(plain(told.addon.startExport(REQUEST)).error, undefined);
  assert.deepEqual([...told.properties.user.keys()], []);
});

test('a run that the sidebar is still at is left alone', () => {
  const told = leftHalfWay([]);
  told.clock.now += 9 * MINUTE;
  assert.deepEqual(plain(told.addon.onHour({})), {ok: true});
  assert.deepEqual(told.sent('export/steps'), []);
  assert.equal(left(told).length, 2);
});

test('a run whose tab was closed goes on in the next hour, to its end', () => {
  const told = leftHalfWay([stepOf('second', 20), stepOf(null)]);
  told.clock.now += HOUR;
  assert.deepEqual(plain(told.addon.onHour({triggerUid: 'uid-onHour-1'})), {ok: true});
  assert.deepEqual(told.sent('export/steps').map(({cursor}) => cursor), ['first', 'second']);
  assert.deepEqual(told.seen.slept, [20000]);
  assert.equal(told.sent('runs/acknowledge').length, 1);
  assert.deepEqual([left(told), told.triggers], [[], []]);
});

test('what does not fit into an execution is parked, for the hour in which it goes on', () => {
  const steps = Array.from({length: 9}, (_, i) => stepOf('c' + i));
  const told = leftHalfWay(steps, {takes: 50000});
  told.clock.now = START + HOUR;
  told.addon.onHour({});
  assert.deepEqual(told.sent('export/steps').map(({cursor}) => cursor), ['first', 'c0', 'c1', 'c2']);
  assert.deepEqual(told.sent('runs/park'), [{spreadsheet: 0, run_id: 'run_1', wait_s: 3400}]);
  told.clock.now = START + 2 * HOUR;
  told.addon.onHour({});
  assert.deepEqual(told.sent('export/steps').map(({cursor}) => cursor).slice(4), ['c3', 'c4', 'c5', 'c6']);
});

test('a pause that an execution cannot sit out is parked too, and its cursor kept alive', () => {
  const told = leftHalfWay([stepOf('second', 4000), stepOf('third', 400)]);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.deepEqual(told.seen.slept, []);
  assert.deepEqual(told.sent('runs/park'), [{spreadsheet: 0, run_id: 'run_1', wait_s: 7200}]);
  told.clock.now += HOUR;
  told.addon.onHour({}); // still pausing
  assert.equal(told.sent('export/steps')[1].cursor, 'second');
  assert.equal(told.properties.user.get('run:' + told.book.getId() + ':exp_1:0'), 'third');
});

test('the longest cursor that is kept comes back whole', () => {
  const cursor = 'ab'.repeat(100000);
  const told = hours([stepOf(cursor), stepOf(null)]);
  assert.equal(plain(told.addon.startExport(REQUEST)).kept, true);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.equal(told.sent('export/steps')[0].cursor, cursor);
});

test('with a longer cursor the run begins anew, in place of its own parked one', () => {
  const told = hours([stepOf('x'.repeat(200001)), stepOf(null)]);
  assert.equal(plain(told.addon.startExport(REQUEST)).kept, true);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.deepEqual(told.sent('exporters/exp_1/run'), [{spreadsheet: 0, take_over: true}]);
  assert.deepEqual(left(told), []);
});

test('where there is no room for the cursor, there is for the name of the run', () => {
  const told = hours([stepOf('x'.repeat(199000)), stepOf(null)]);
  for (let i = 0; i < 40; i++) told.properties.user.set('other:' + i, 'y'.repeat(9000));
  assert.equal(plain(told.addon.startExport(REQUEST)).kept, true);
  assert.equal(left(told).length, 1);
  assert.equal(plain(told.addon.home()).exporters[0].kept.anew, true);
});

test('who has triggers in 20 spreadsheets is told to keep the sidebar open', () => {
  const told = leftHalfWay([], {noTrigger: FULL});
  assert.equal(told.started.kept, false);
  assert.match(told.started.why_not, /20 of your spreadsheets/);
});

test('a second trigger of a person here is taken away', () => {
  const told = hours([stepOf('first')]);
  const make = () => told.world.ScriptApp.newTrigger('onHour').timeBased().everyHours(1).create();
  make();
  make();
  told.addon.startExport(REQUEST);
  assert.equal(told.triggers.length, 1);
});

test('a trigger that does not know its spreadsheet says so where the person looks', () => {
  const told = leftHalfWay([]);
  const {getActiveSpreadsheet} = told.world.SpreadsheetApp;
  told.world.SpreadsheetApp.getActiveSpreadsheet = () => null;
  assert.equal(plain(told.addon.onHour({triggerUid: 'uid-onHour-1'})).error.code, 'no_spreadsheet');
  told.world.SpreadsheetApp.getActiveSpreadsheet = getActiveSpreadsheet;
  assert.match(plain(told.addon.home()).sheet.trouble, /without saying in which spreadsheet/);
  assert.equal(left(told).length, 2);
});

test('a trigger that finds itself in another spreadsheet touches nothing there', () => {
  const told = leftHalfWay([]);
  told.book.getId = () => 'another';
  told.clock.now += HOUR;
  assert.equal(plain(told.addon.onHour({triggerUid: 'uid-onHour-1'})).error.code, 'no_spreadsheet');
  assert.equal(told.sent('export/steps').length, 0);
});

test('a run that somebody took over is over, and it is said who', () => {
  const words = 'ben@example.com has been running this export since 10:05.';
  const told = leftHalfWay([refused('run_in_progress', words, {ended: true, run_id: 'run_1', exporter_id: 'exp_1'})]);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.equal(plain(told.addon.home()).sheet.trouble, 'Invoices did not go on by itself. ' + words);
  assert.deepEqual([left(told), told.triggers], [[], []]);
  // Nothing calls here any more that would clear it.
  told.clock.now += 24 * HOUR;
  assert.equal(plain(told.addon.home()).sheet.trouble, null);
});

test('what the hourly call came to grief with is said until that export has run well, by whatever hand', () => {
  const other = {...stepOf(null), exporter_id: 'exp_2', run_id: 'run_2'};
  const told = leftHalfWay([refused('not_found', 'Nothing.'), other, stepOf(null)]);
  told.clock.now += HOUR;
  told.addon.onHour({});
  told.addon.runAgain('exp_2');
  assert.equal(plain(told.addon.home()).sheet.trouble, 'Invoices did not go on by itself. Nothing.');
  told.addon.runAgain('exp_1');
  assert.equal(plain(told.addon.home()).sheet.trouble, null);
});

test('a backend that is away is asked again in the next hour', () => {
  const told = leftHalfWay([]);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.match(plain(told.addon.home()).sheet.trouble, /server does not answer/);
  assert.equal(left(told).length, 2);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.equal(told.sent('export/steps').length, 2);
  assert.equal(told.triggers.length, 1);
});

test('what is older than a cursor lives is not asked for again', () => {
  const told = leftHalfWay([]);
  told.clock.now += 2 * HOUR + 1;
  told.addon.onHour({});
  assert.deepEqual([left(told), told.triggers], [[], []]);
});

test('what nobody knows any more is forgotten', () => {
  const told = leftHalfWay([refused('not_found', 'There is no such run in this spreadsheet.')]);
  told.clock.now += HOUR;
  told.addon.onHour({});
  assert.deepEqual(left(told), []);
});

test('the person may go on before the hour comes', () => {
  const told = leftHalfWay([stepOf('second')]);
  assert.equal(plain(told.addon.goOn('exp_1')).cursor, 'second');
  assert.deepEqual(told.sent('export/steps').map(({cursor}) => cursor), ['first']);
  assert.equal(plain(told.addon.goOn('exp_2')).error.code, 'nothing_kept');
});

test('Cancel of a run that the person goes on with is heard, and it goes on no more by itself', () => {
  const told = leftHalfWay([stepOf('second')]);
  told.addon.stopRun('turn_1');
  const answer = plain(told.addon.goOn('exp_1', 'turn_1'));
  assert.deepEqual([answer.cancelled, answer.run_id], [true, 'run_1']);
  assert.deepEqual([left(told), told.triggers], [[], []]);
});

test('giving up a run gives up what was kept of it', () => {
  const told = leftHalfWay([]);
  told.addon.abandon('run_1');
  assert.deepEqual([left(told), told.triggers], [[], []]);
});

test('whose parked run may be taken over is passed on, and to take it over is asked for', () => {
  const told = hours([refused('run_in_progress', 'Parked.', {may_take_over: true, by: 'ben@example.com'}), stepOf(null)]);
  assert.deepEqual(plain(told.addon.runAgain('exp_1')).error, {
    code: 'run_in_progress', message: 'Parked.', retryable: true, may_take_over: true,
  });
  told.addon.runAgain('exp_1', false, true);
  assert.deepEqual(told.sent('exporters/exp_1/run')[1], {spreadsheet: 0, take_over: true});
});
