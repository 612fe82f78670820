/**
 * @fileoverview What a replacement did to the rows: the block before against what was read back, by key.
 * docs/operations.md ("What a replacement changed") binds this and the backend's
 * adapters/sheet_replaced.py.
 */

/**
 * @typedef {{counts: !Object<string, number>, news: !Array<!Array<string>>}} Replaced `counts` of new,
 *   changed and gone rows; without `changed` where the columns are others.
 */

/**
 * @param {!Writer} writer @param {*} op `expect` with `changes`. @param {!Array<!Array<*>>} rows The
 *   data rows that it found.
 * @return {?Replaced} null where it cannot be told: nothing is known of the rows before, somebody
 *   changed them, they are of other companies, or two have one key.
 */
function replaced_(writer, op, rows) {
  const {old, lay} = writer;
  const {key_columns: keyed, labels} = op.changes;
  if (!old || !isBefore_(old, op)) return null;
  const places = old.keys.map((key) => lay.was.get(key));
  if (keyed.some((/** @type {number} */ at) => places[at] === undefined)) return null;
  const clock = clock_(writer);
  const was = (/** @type {!Array<*>} */ line, /** @type {number} */ column) => {
    const at = places[column];
    return at === undefined ? '' : plain_(line[at], op.kinds[column], clock);
  };
  const {rows: high, digest} = old.receipt;
  const lines = old.values.slice(Math.max(1, high - sentRows_(digest)), high);
  const before = byKey_(lines, keyed, was);
  const now = byKey_(rows, keyed, (row, column) => row[column]);
  if (!before || !now) return null;
  const all = [...now];
  const sameColumns = lay.was.size === places.length && !places.includes(undefined);
  // Cell by cell: their texts would be as large as both tables.
  const differs = (/** @type {*} */ line, /** @type {!Array<*>} */ row) =>
    row.some((cell, column) => cell !== was(line, column));
  /** @type {!Object<string, !Array<!Array<*>>>} */
  const news = {new: all.filter(([key]) => !before.has(key)).map(([, row]) => row)};
  if (sameColumns) {
    news.changed = all.filter(([key, row]) => before.has(key) && differs(before.get(key), row)).map(([, row]) => row);
  }
  news.gone = [...before].filter(([key]) => !now.has(key)).map(([, line]) => line);
  const listed = Object.entries(news).flatMap(([what, some]) => some.slice(0, MOST_LISTED).map((row) =>
    [what, ...labels.map((/** @type {number} */ at) => String(what === 'gone' ? was(row, at) : row[at]))]));
  const counts = Object.fromEntries(Object.entries(news).map(([what, some]) => [what, some.length]));
  return {counts, news: listed.slice(0, MOST_LISTED)};
}

/** @param {!Old} old @param {*} op @return {boolean} Whether another run left it so, of the same companies. */
function isBefore_({receipt, asLeft}, {run, changes}) {
  return asLeft && Boolean(receipt) && receipt.state === 'done' && receipt.run !== run && receipt.whose === changes.whose;
}

/**
 * @param {!Array<!Array<*>>} rows @param {!Array<number>} columns
 * @param {function(!Array<*>, number): *} cell Of a row, in that column.
 * @return {?Map<string, !Array<*>>} null where two have one key.
 */
function byKey_(rows, columns, cell) {
  const found = new Map(rows.map((row) => [JSON.stringify(columns.map((at) => cell(row, at))), row]));
  return found.size === rows.length ? found : null;
}
