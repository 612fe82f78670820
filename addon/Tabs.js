/**
 * @fileoverview The tabs of a consolidation that people fill in: rates, mapping, eliminations. The
 * backend asks for those that it needs, keeps nothing of them, and has rows added to them.
 */

const TABS = ['Counterfoil mapping', 'Counterfoil rates', 'Counterfoil eliminations'];
// One row more than the backend takes, so that it says so; what stands right of these is a person's.
const MOST_TAB_ROWS = 5001;
const MOST_TAB_COLUMNS = 20;
const LONGEST_TAB_CELL = 500;

/** @param {*} details Of an error `tabs_needed`. @return {?Array<string>} */
function askedTabs_({tabs}) {
  const found = typeof tabs === 'string' ? tabs.split('\n').filter((each) => TABS.includes(each)) : [];
  return found.length ? found : null;
}

/** @param {!Array<string>} titles @return {!Object} Rows of texts by title; null for a tab that is not there. */
function tabsState_(titles) {
  return Object.fromEntries(titles.map((title) => [title, tabRows_(title)]));
}

/** @param {string} title @return {?Array<!Array<string>>} */
function tabRows_(title) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const tab = book.getSheets().find((each) => each.getName().toLowerCase() === title.toLowerCase());
  if (!tab) return null;
  const rows = Math.min(tab.getLastRow(), MOST_TAB_ROWS);
  const columns = Math.min(tab.getLastColumn(), MOST_TAB_COLUMNS);
  if (!rows || !columns) return [];
  const zone = book.getSpreadsheetTimeZone();
  return tab.getRange(1, 1, rows, columns).getValues().map((row) => row.map((cell) => tabText_(cell, zone)));
}

/** @param {*} value @param {string} zone @return {string} A date as 2026-01-31. */
function tabText_(value, zone) {
  const isDate = Object.prototype.toString.call(value) === '[object Date]';
  return (isDate ? Utilities.formatDate(value, zone, 'yyyy-MM-dd') : String(value)).trim().slice(0, LONGEST_TAB_CELL);
}

/**
 * What an answer that is an error wants to have added to those tabs: rows to be filled in.
 *
 * @param {{error: !Trouble}} answer @param {*} operations @return {{error: !Trouble}}
 */
function withRows_(answer, operations) {
  const good = Array.isArray(operations) && operations.every((each) =>
    isObject_(each) && each.op === 'append_log' && TABS.includes(each.title));
  const done = good && operations.length ? applyOperations_(operations, '') : null;
  return done && !done.applied ? /** @type {{error: !Trouble}} */ (refusal_(done)) : answer;
}
