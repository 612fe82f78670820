'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const VECTORS = path.resolve(__dirname, '../data/digest');
const {book, world} = services({backend: () => [200, {}]});
const addon = load(world);

/** A range that gives back the cells it was given. */
function grid(cells) {
  const range = (row, rows) => ({
    getSheet: () => ({getRange: (at, _column, count) => range(at - 1, count)}),
    getRow: () => row + 1,
    getColumn: () => 1,
    getNumRows: () => rows,
    getNumColumns: () => (cells[0] || ['']).length,
    getValues: () => cells.slice(row, row + rows),
    getFormulas: () => cells.slice(row, row + rows).map((each) => each.map(() => '')),
  });
  return range(0, cells.length);
}

for (const name of fs.readdirSync(VECTORS).sort()) {
  const vector = JSON.parse(fs.readFileSync(path.join(VECTORS, name), 'utf8'));

  test(`${name}: each link is as the backend makes it`, () => {
    const key = addon.bytes_(vector.key);
    const links = vector.chunks.reduce(
      (made, rows) => [...made, addon.hmac_(key, made.at(-1) + '\n' + JSON.stringify(rows))],
      [addon.hmac_(key, 'counterfoil')]);
    assert.deepEqual(links, vector.links);
    assert.deepEqual(vector.chunks.map((rows) => JSON.stringify(rows)), vector.canonical);
  });

  test(`${name}: reading it back gives digest, sums and distinct`, () => {
    const rows = vector.chunks.flat();
    const cells = grid(rows);
    const width = (rows[0] || ['']).length;
    const writer = {book: {...book, getRangeByName: () => cells, getSpreadsheetTimeZone: () => 'UTC'}, block: 'CF_1', odd: [], lay: addon.newLay_()};
    const seen = addon.expect_(writer, {
      op: 'expect', on: 'block', run: 'run_1', rows: rows.length, columns: width, header_rows: 0,
      kinds: new Array(width).fill('text'), distinct: vector.distinct || null, sums: vector.sums || [],
      digest: vector.digest,
    });
    assert.deepEqual(plain(seen).digest, true);
    assert.deepEqual(plain(seen).sums, (vector.sums || []).map((each) => each.sum));
  });
}
