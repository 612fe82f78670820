/**
 * @fileoverview What the backend must know of a report that is in the sheet already: its receipt,
 * the names of its lines and the titles of its columns, which nobody keeps but the sheet.
 */

/** As the backend takes them; a larger block has no lines of that kind. */
const MOST_REPORT_ROWS = 1100;
const MOST_REPORT_COLUMNS = 1200;
/** Of more lines it is told beside which a person has something: what is gone may have to go. */
const MANY_REPORT_LINES = 500;

/** @param {*} details Of an error `block_needed`. @return {?string} The report's block. */
function askedReport_({block, lines}) {
  return lines === true && typeof block === 'string' && BLOCK_NAME.test(block) ? block : null;
}

/**
 * @param {string} block
 * @return {!Object} {receipt, rows, columns, titles, labels, beside}; the receipt null where nothing is known.
 */
function reportState_(block) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const range = book.getRangeByName(block);
  const writer = /** @type {!Writer} */ (/** @type {*} */ ({book, block}));
  const receipt = range && receiptOf_(writer);
  const [rows, columns] = range ? [range.getNumRows(), range.getNumColumns()] : [0, 0];
  if (!range || !receipt || rows > MOST_REPORT_ROWS || columns > MOST_REPORT_COLUMNS) return {receipt: null};
  const header = Math.max(1, receipt.rows - sentRows_(receipt.digest));
  const clock = clock_(writer);
  const plain = (/** @type {*} */ cell) => plain_(cell, 'date', clock);
  const first = receipt.places ? receipt.places[0] : 0;
  const labels = rows > header && first < columns
    ? at_(range, header, first, rows - header, 1).getValues().map(([cell]) => plain(cell))
    : [];
  const titles = rows >= header ? at_(range, header - 1, 0, 1, columns).getValues()[0].map(plain) : [];
  const ours = receipt.places || Array.from({length: receipt.columns}, (_, at) => at);
  const beside = labels.length > MANY_REPORT_LINES ? heldBeside_(range, header, ours) : [];
  return {receipt, rows, columns, titles, labels, beside};
}
