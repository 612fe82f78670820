'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {constant, load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

function calling(backend, options = {}) {
  const {seen, world, properties, book} = services({backend, ...options});
  return {addon: load(world), seen, properties, book};
}

const failing = (code, retryable) => ({error: {code, message: 'A sentence.', retryable, details: {secret: 1}}});

test('an answer of the backend comes back as it is', () => {
  const {addon, seen} = calling(() => [200, {connections: []}]);
  assert.deepEqual(plain(addon.connections()), {connections: []});
  const [{url, request, body}] = seen.requests;
  assert.equal(url, 'https://backend.test/connections');
  assert.equal(request.headers.Authorization, 'Bearer token-1');
  assert.equal(request.muteHttpExceptions, true);
  assert.equal(request.timeoutSeconds, 120);
  assert.deepEqual(Object.keys(body.spreadsheet).sort(), ['id', 'key', 'locale', 'time_zone']);
});

test('an error of the backend is data with a sentence, and nothing more of it', () => {
  const {addon} = calling(() => [409, failing('reconnect_required', false)]);
  assert.deepEqual(plain(addon.home()), {
    error: {code: 'reconnect_required', message: 'A sentence.', retryable: false},
  });
});

test('which total of a report does not add up comes beside the error', () => {
  const apart = 'It is "Total Income": 2.00, and its lines come to 1.00.';
  const {addon} = calling(() => [409, {...failing('incomplete_read', true), apart}]);
  assert.deepEqual(plain(addon.home()), {
    error: {code: 'incomplete_read', message: 'A sentence.', retryable: true, apart},
  });
});

test('a refused identity is tried once more, with a fresh token', () => {
  const {addon, seen} = calling((_path, _body, {tokens}) =>
    tokens === 1 ? [401, failing('unauthorized', false)] : [200, {entities: []}]);
  assert.deepEqual(plain(addon.catalog()), {entities: []});
  assert.equal(seen.requests[1].request.headers.Authorization, 'Bearer token-2');
});

test('an identity that is refused twice is an answer', () => {
  const {addon, seen} = calling(() => [401, failing('unauthorized', false)]);
  assert.equal(addon.catalog().error.code, 'unauthorized');
  assert.equal(seen.requests.length, 2);
});

test('a busy backend is asked again three times, each time later', () => {
  const {addon, seen} = calling(() => [503, failing('connection_busy', true)]);
  assert.equal(addon.catalog().error.code, 'connection_busy');
  assert.equal(seen.requests.length, 4);
  assert.deepEqual(seen.slept, [1000, 2000, 4000]);
});

test('a 503 that has ended a run is not asked again, and names the run', () => {
  const details = {ended: true, run_id: 'run_1', run_short: '7Q4K-2M', exporter_id: null, secret: 1};
  const {addon, seen} = calling(() => [503, {error: {...failing('quickbooks_busy', true).error, details}}]);
  assert.deepEqual(plain(addon.catalog()), {error: {
    code: 'quickbooks_busy', message: 'A sentence.', retryable: true, ended: true, run_id: 'run_1', run_short: '7Q4K-2M',
  }});
  assert.equal(seen.requests.length, 1);
});

test('a 503 that will not pass is not asked again', () => {
  const {addon, seen} = calling(() => [503, failing('service_unavailable', false)]);
  addon.catalog();
  assert.equal(seen.requests.length, 1);
});

test("a proxy's page, a broken line and a redirect are one sentence", () => {
  const answers = [
    () => [502, '<html>bad gateway at https://10.0.0.1'],
    () => { throw new Error('DNS error: https://backend.test'); },
    () => [302, ''],
    () => [200, 'null'],
    () => [500, {error: 'text'}],
  ];
  for (const answer of answers) {
    const {addon} = calling(answer);
    const {error} = addon.home();
    assert.equal(error.code, 'backend_unreachable');
    assert.equal(error.retryable, true);
    assert.equal(error.message, constant(addon, 'WORDS.trouble.backend_unreachable'));
  }
});

test('a person whom Google does not name gets a sentence and no request is made', () => {
  const {addon, seen} = calling(() => [200, {}], {token: null});
  assert.equal(addon.home().error.code, 'no_identity');
  assert.equal(seen.requests.length, 0);
});

test('an add-on without its server says so', () => {
  const {addon, properties} = calling(() => [200, {}]);
  properties.script.clear();
  assert.equal(addon.home().error.code, 'not_configured');
});

test('the sheet key is made once, is 256 bits, and stays on the server side', () => {
  const {addon, seen, properties} = calling((path) =>
    [200, path === 'home' ? {connections: [], exporters: [], user: {}} : {}]);
  const answers = [addon.home(), addon.catalog(), addon.connections()];
  const keys = new Set(seen.requests.map(({body}) => body.spreadsheet.key));
  assert.equal(keys.size, 1);
  const [key] = keys;
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.equal(properties.document.get('sheetKey'), key);
  assert.ok(!JSON.stringify(answers).includes(key));
});

test('two people who open a sheet at once agree on its key', () => {
  const {addon, seen, properties} = calling(() => [200, {}]);
  const first = 'a'.repeat(64);
  const original = properties.document.get.bind(properties.document);
  let reads = 0;
  // The other one's key lands between our first look and our lock.
  properties.document.get = (key) => (reads++ === 0 ? undefined : (properties.document.set(key, first), original(key)));
  addon.catalog();
  assert.equal(seen.requests[0].body.spreadsheet.key, first);
});

test('whatever a service throws, the sidebar gets a sentence', () => {
  const {addon, book} = calling(() => [200, {}]);
  book.getId = () => { throw new Error('Exception: ya29.secret'); };
  assert.deepEqual(plain(addon.home()), {
    error: {code: 'no_answer', message: constant(addon, 'WORDS.trouble.no_answer'), retryable: true},
  });
});

test('home says where each export stands and what day it is in the sheet', () => {
  const exporters = [{id: 'exp_1', block: 'CF_1'}, {id: 'exp_2', block: 'CF_2'}];
  const {addon, book} = calling(() => [200, {connections: [], exporters, user: {}}], {zone: 'Asia/Tokyo'});
  book.setNamedRange('CF_1', book.named('Sheet1').getRange(1, 1));
  const home = plain(addon.home());
  assert.deepEqual(home.exporters.map((each) => each.tab), ['Sheet1', null]);
  assert.equal(home.sheet.zone, 'Asia/Tokyo');
});
