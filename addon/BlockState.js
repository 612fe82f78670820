/**
 * @fileoverview What an update must know of its table: the receipt, and the columns that the backend
 * asks for. It checks them against the receipt's marks, and keeps nothing of them.
 */

/** As the backend makes them, and nothing else: people name ranges of their own CF_Q1 or CF_2026, of a cash flow. */
const BLOCK_NAME = /^CF_[0-9a-f]{16}$/;
const KEY_MARKS = /^([A-Za-z0-9_-]{6}){1,200}$/;
/** What does not fit into a request is not sent: the run reads everything then. */
const MOST_CHARACTERS = 6000000;

/** @param {*} details @return {?{block: string, columns: string}} What is asked for, or null. */
function askedBlock_({block, columns}) {
  const good = typeof block === 'string' && BLOCK_NAME.test(block) &&
    typeof columns === 'string' && KEY_MARKS.test(columns);
  return good ? {block, columns} : null;
}

/**
 * @param {{block: string, columns: string}} asked `columns` are marks of their keys.
 * @return {!Object} {there, run, done, keys, marks, columns}; a column that is not there is null.
 */
function blockState_({block, columns}) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const range = book.getRangeByName(block);
  if (!range) return {there: false};
  const writer = /** @type {!Writer} */ (/** @type {*} */ ({book, block}));
  const receipt = receiptOf_(writer);
  if (!receipt || receipt.state !== 'done' || !receipt.marks) return {there: true, run: null, done: false};
  const keys = cut_(receipt.keys, KEY_MARK);
  const places = receipt.places || [...keys.keys()];
  const rows = sentRows_(receipt.digest);
  const header = Math.max(1, receipt.rows - rows);
  const clock = clock_(writer);
  const read = (/** @type {number} */ at) => {
    if (at === undefined || at >= range.getNumColumns() || header + rows > range.getNumRows()) return null;
    if (!rows) return [];
    return at_(range, header, at, rows, 1).getValues().map(([cell]) => plain_(cell, 'date', clock));
  };
  const found = cut_(columns, KEY_MARK).map((key) => read(places[keys.indexOf(key)]));
  const fits = JSON.stringify(found).length <= MOST_CHARACTERS;
  return {
    there: true, run: receipt.run, done: true, keys: receipt.keys, marks: receipt.marks.columns,
    columns: fits ? found : [],
  };
}
