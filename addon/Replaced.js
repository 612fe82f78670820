/**
 * @fileoverview What a replacement did to the rows: the block before against what was read back, by key.
 * docs/operations.md ("What a replacement changed") binds this and the backend's
 * adapters/sheet_replaced.py.
 */

/**
 * @typedef {{counts: !Object<string, number>, news: !Array<!Array<string>>, closed: (number|undefined)}} Replaced
 *   `counts` of new, changed and gone rows; without `changed` where the columns are others; `closed` of
 *   them are dated in closed books, undefined where nobody asked.
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
  return {counts, news: listed.slice(0, MOST_LISTED), closed: closedRows_(op.changes.closed, news, before, keyed, was)};
}

/**
 * @param {*} closed Of `changes`. @param {!Object<string, !Array<!Array<*>>>} news The rows of each kind.
 * @param {!Map<string, !Array<*>>} before @param {!Array<number>} keyed
 * @param {function(!Array<*>, number): *} was A cell of a row before.
 * @return {(number|undefined)} How many of them are dated in closed books, now or before.
 */
function closedRows_(closed, news, before, keyed, was) {
  if (!closed) return undefined;
  const days = (/** @type {string} */ what, /** @type {!Array<*>} */ row) => {
    if (what === 'gone') return [was(row, closed.column)];
    const line = what === 'changed' && before.get(keyOf_(keyed, (at) => row[at]));
    return line ? [row[closed.column], was(line, closed.column)] : [row[closed.column]];
  };
  return Object.entries(news).flatMap(([what, some]) => some.filter((row) => {
    const company = closed.of === undefined ? '' : what === 'gone' ? was(row, closed.of) : row[closed.of];
    return isClosed_(days(what, row), closedUntil_(closed, company));
  })).length;
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
  const found = new Map(rows.map((row) => [keyOf_(columns, (at) => cell(row, at)), row]));
  return found.size === rows.length ? found : null;
}

/** @param {!Array<number>} columns @param {function(number): *} cell Of a row. @return {string} */
function keyOf_(columns, cell) {
  return JSON.stringify(columns.map(cell));
}
