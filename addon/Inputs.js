/**
 * @fileoverview Cells of the spreadsheet from which an export takes its dates and filters. The
 * backend says which it needs; what stands in them goes along with the same request again, and so do
 * the block of a report, the table of an update, and the tabs of a consolidation.
 */

const CELL = /^'((?:[^'\x00-\x1f]|''){1,100})'!(\$?[A-Z]{1,3}\$?[1-9]\d{0,7})$/;
const MOST_CELLS = 60; // As the backend takes them.
const LONGEST_CELL = 2000; // It refuses one as long, which may have been cut off.

/** @return {*} {cell, shows}: the cell that the person has selected, and what stands in it. */
function pickCell() {
  return answered_(() => {
    const cell = SpreadsheetApp.getActiveSpreadsheet().getCurrentCell();
    if (!cell) return trouble_('no_cell', false);
    const tab = cell.getSheet().getName().replace(/'/g, "''");
    return {cell: "'" + tab + "'!" + cell.getA1Notation(), shows: cellText_(cell)};
  });
}

/**
 * Calls the backend, and again where it asks for cells, or for the block that it is to fill.
 *
 * @param {string} path @param {!Object} body @return {*} See `callBackend_`.
 */
function callWithCells_(path, body) {
  let [answer, sent] = [callBackend_(path, body), body];
  for (let more = asked_(answer, sent); more; more = asked_(answer, sent)) {
    sent = Object.assign({}, sent, more);
    answer = callBackend_(path, sent);
  }
  return answer;
}

/**
 * @param {*} answer @param {!Object} sent
 * @return {?Object} What to send along the next time; null for nothing, or nothing new.
 */
function asked_({error}, sent) {
  if (error && error.cells && !('cells' in sent)) {
    return {cells: Object.fromEntries(error.cells.map((/** @type {string} */ each) => [each, cellAt_(each)]))};
  }
  if (error && error.tabs && !('tabs' in sent)) return {tabs: tabsState_(error.tabs)};
  if (!error || 'block' in sent) return null;
  if (error.table) return {block: blockState_(error.table)};
  return error.report ? {block: reportState_(error.report)} : null;
}

/** @param {*} text One reference a line. @return {!Array<string>} */
function references_(text) {
  return typeof text === 'string' ? text.split('\n').filter((each) => CELL.test(each)).slice(0, MOST_CELLS) : [];
}

/** @param {string} reference @return {?string} null where there is no such cell any more. */
function cellAt_(reference) {
  const cell = cellRange_(reference);
  return cell && cellText_(cell);
}

/** @param {string} reference @return {?GoogleAppsScript.Spreadsheet.Range} */
function cellRange_(reference) {
  const [, name, a1] = CELL.exec(reference) || [];
  const tab = SpreadsheetApp.getActiveSpreadsheet().getSheetByName((name || '').replace(/''/g, "'"));
  const [, letters, row] = /^\$?([A-Z]+)\$?(\d+)$/.exec(a1 || '') || [];
  if (!tab || !letters) return null;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  const inside = Number(row) <= tab.getMaxRows() && column <= tab.getMaxColumns();
  return inside ? tab.getRange(Number(row), column) : null;
}

/** @param {GoogleAppsScript.Spreadsheet.Range} cell @return {string} A date as 2026-01-31. */
function cellText_(cell) {
  const value = cell.getValue();
  // Not instanceof: in some hosts a cell's date is of another realm.
  if (Object.prototype.toString.call(value) === '[object Date]') {
    const zone = SpreadsheetApp.getActiveSpreadsheet().getSpreadsheetTimeZone();
    return Utilities.formatDate(value, zone, 'yyyy-MM-dd');
  }
  return String(value).trim().slice(0, LONGEST_CELL);
}
