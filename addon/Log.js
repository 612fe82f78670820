/**
 * @fileoverview Tabs that only grow at their end: the log, and copies of what a run is about to
 * replace.
 */

/**
 * @param {!Writer} writer @param {*} op Texts below what is there, with a blank row between; a line of a run
 *   (`most` without `changes`) directly below it.
 */
function appendLog_(writer, op) {
  const news = op.changes ? newsRows_(writer) : [];
  if (op.changes && !news.length) return;
  const rows = withTotals_(writer, op).concat(news);
  const wide = Math.max(...rows.map((/** @type {!Array<*>} */ row) => row.length));
  const tab = logTab_(writer, op.title);
  const isLine = op.most && !op.changes;
  // It came, and only the answer was lost: told again it is not written twice.
  if (isLine && rowsBelow_(writer, op.title, rows[0]) === 0) return;
  if (op.head) headedLog_(writer, tab, op.head);
  if (isLine) shortened_(tab, op.most, 1);
  else if (op.most) dropAged_(tab, op.most);
  const last = tab.getLastRow();
  const place = below_(writer, tab, last && !isLine ? last + 1 : last, rows.length, wide);
  writeCells_(place, rows, new Array(wide).fill({kind: 'text', pattern: '@'}), 0);
}

/**
 * Titles in the first row of a tab in which nothing stands. They come last: of who dies in here, the
 * next one begins anew.
 * @param {!Writer} writer @param {!Tab} tab
 * @param {{titles: !Array<string>, widths: !Array<number>}} head Widths in pixels.
 */
function headedLog_(writer, tab, {titles, widths}) {
  if (tab.getLastRow()) return;
  below_(writer, tab, 0, 2, titles.length); // Not all rows of a tab can be frozen.
  tab.setFrozenRows(1);
  widths.forEach((pixels, column) => tab.setColumnWidth(column + 1, pixels));
  const place = tab.getRange(1, 1, 1, titles.length).setFontWeight('bold');
  writeCells_(place, [titles], titles.map(() => ({kind: 'text', pattern: '@'})), 0);
}

/**
 * @param {!Writer} writer @param {*} op
 * @return {!Array<!Array<string>>} Its rows, the first of which ends with the totals as they were read
 *   back, where the backend does not know them.
 */
function withTotals_({plan}, {rows, totals}) {
  if (!totals || !plan) return rows;
  const [first, ...others] = rows;
  return [[...first.slice(0, -1), [first[first.length - 1], ...plan.totals].join(' · ')], ...others];
}

/** @param {!Writer} writer @param {*} op The block's values with their number formats. */
function copyValues_(writer, op) {
  const block = writer.book.getRangeByName(writer.block);
  if (!block) return;
  const receipt = op.fresh ? receiptOf_(writer) : null;
  if (receipt && receipt.state !== 'done') throw stop_('incomplete', WORDS.writer.incomplete);
  const clock = clock_(writer);
  const rows = block.getValues().map((row) => row.map((cell) => plain_(cell, 'date', clock)));
  const isText = (/** @type {*} */ cell) => typeof cell === 'string' && cell !== '';
  const formats = block.getNumberFormats().map((row, i) =>
    row.map((format, j) => (isText(rows[i][j]) ? '@' : format)));
  const tab = logTab_(writer, op.title, op.fresh);
  const place = below_(writer, tab, tab.getLastRow(), rows.length, block.getNumColumns());
  place.setNumberFormats(formats);
  place.setValues(rows.map((row) => row.map(asText_)));
}

/**
 * @param {!Writer} writer @param {string} title
 * @param {boolean=} fresh A tab that was not there before, as "title 2" where the title is taken.
 * @return {!Tab}
 */
function logTab_(writer, title, fresh) {
  const tabs = new Map(writer.book.getSheets().map((each) => [each.getName().toLowerCase(), each]));
  const there = tabs.get(title.toLowerCase());
  if (there && !fresh) return there;
  let free = title;
  for (let n = 2; tabs.has(free.toLowerCase()); n++) free = title + ' ' + n;
  const shown = writer.book.getActiveSheet();
  const tab = writer.book.insertSheet(free, writer.book.getNumSheets());
  writer.book.setActiveSheet(shown);
  return tab;
}

/**
 * @param {!Writer} writer @param {!Tab} tab @param {number} row From 0. @param {number} rows
 * @param {number} columns
 */
function below_(writer, tab, row, rows, columns) {
  const corner = tab.getRange(1, 1);
  grow_(writer, corner, row + rows, columns);
  return at_(corner, row, 0, rows, columns);
}

const PADLOCK = '🔒 ';
const LONGEST_TITLE = 100; // As Google has it.

/**
 * Shows on the tab whether a table in it is frozen.
 * @param {!Writer} writer @param {boolean} locked
 * @param {!Array<string>} frozen Other blocks: where one of them stands there, the padlock stays.
 */
function padlock_(writer, locked, frozen) {
  const range = writer.book.getRangeByName(writer.block);
  if (!range) return;
  const tab = range.getSheet();
  const isThere = (/** @type {string} */ block) => {
    const other = writer.book.getRangeByName(block);
    return other !== null && other.getSheet().getSheetId() === tab.getSheetId();
  };
  if (!locked && frozen.some(isThere)) return;
  const name = tab.getName();
  if (name.startsWith(PADLOCK) === locked) return;
  const wished = locked ? PADLOCK + name : name.slice(PADLOCK.length);
  const taken = new Set(writer.book.getSheets().map((each) => each.getName().toLowerCase()));
  const fitting = (/** @type {string} */ end) => wished.slice(0, LONGEST_TITLE - end.length) + end;
  let free = fitting('');
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = fitting(' ' + n);
  tab.setName(free);
}
