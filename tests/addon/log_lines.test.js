'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const {load} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

/** Held by tests/core/test_proof_lines.py, too. */
const LINES = JSON.parse(fs.readFileSync(path.resolve(__dirname, '../data/log_lines.json'), 'utf8'));

const told = services({backend: () => [200, {}]});
const addon = load(told.world);
const tab = told.book.tabs[0];

for (const {about, proof, expect, seen, line} of LINES) {
  test('the line of a run that nobody looked at is that of managed refresh: ' + about, () => {
    const titles = expect.titles || ['Id', 'Total'];
    tab.getRange(1, 1, 1, titles.length).setValues([titles]);
    told.book.setNamedRange('CF_1', tab.getRange(1, 1, 1, titles.length));
    const step = {block: 'CF_1', operations: [{op: 'expect', header_rows: 1, ...expect}]};
    assert.equal(addon.provenOf_({proof, seen: addon.shownSeen_(step, seen)}), line);
  });
}
