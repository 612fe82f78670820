'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const ID = 'exp_invoices1';
const QUARTER = {often: 'minutes', every: 15};
const OFFER = {account: 'sheets-1@p.iam.gserviceaccount.com', key: 'counterfoil:proof', nonce: 'n'.repeat(43), expires_in_s: 600};

/** A backend that looks into the spreadsheet, as the service account does. */
function office(enable) {
  const told = {};
  const seen = [];
  const backend = (path) => {
    if (path.endsWith('/offer')) return [200, OFFER];
    seen.push(told.book.getDeveloperMetadata().map(({key, value, visibility}) => [key, value, visibility]));
    return enable(told.book);
  };
  Object.assign(told, services({backend}));
  return {...told, addon: load(told.world), seen, bodies: () => told.seen.requests.map(({body}) => (typeof body === 'string' ? JSON.parse(body) : body))};
}

test('the proof stands in the spreadsheet while the backend looks, for all editors to see, and not longer', () => {
  const {addon, book, seen, bodies} = office((it) => {
    it.getDeveloperMetadata()[0].remove(); // the service account erases it
    return [200, {id: ID, revision: 1}];
  });
  assert.deepEqual(plain(addon.enableManaged(ID, QUARTER)), {id: ID, revision: 1});
  assert.deepEqual(seen, [[['counterfoil:proof', OFFER.nonce, 'DOCUMENT']]]);
  assert.deepEqual(book.getDeveloperMetadata(), []);
  const {nonce, schedule} = bodies()[1];
  assert.deepEqual({nonce, schedule}, {nonce: OFFER.nonce, schedule: QUARTER});
});

test('where it is not shared yet the sentence comes through and nothing is left behind', () => {
  const words = 'This spreadsheet is not shared with sheets-1 yet.';
  const {addon, book} = office(() => [409, {error: {code: 'sheet_not_shared', message: words, retryable: false}}]);
  book.addDeveloperMetadata('mine', 'kept', 'DOCUMENT');
  assert.equal(addon.enableManaged(ID, QUARTER).error.message, words);
  assert.deepEqual(book.getDeveloperMetadata().map(({key}) => key), ['mine']);
});

test('what is no export or no schedule is not even asked for', () => {
  const {addon, seen} = office(() => [200, {}]);
  for (const [id, schedule] of [['../tick', QUARTER], [ID, {often: 'seconds'}], [ID, null], [ID, {often: 'minutes', every: 99}]]) {
    assert.equal(addon.enableManaged(id, schedule).error.code, 'bad_request');
  }
  assert.deepEqual(seen, []);
});
