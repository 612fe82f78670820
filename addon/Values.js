/**
 * @fileoverview "Insert a value": a native formula over a table's named range, put into the selected
 * cell. It is live after each refresh, offline, and still there without the add-on.
 *
 * Names from QuickBooks are part of it as text in quotes, every quote doubled: never as a formula.
 */

const MOST_NAMES = 2000;
const LONGEST_VALUE_NAME = 500;
const VALUE_BY = ['id', 'number', 'name'];
const VALUE_ROWS = ['line', 'total'];

/**
 * What a value can be of.
 *
 * @param {string} block
 * @return {*} {report, accounts: [{label, id, number, path, row}], companies, bases, firsts, lasts,
 *   columns, adds, months}: `row` is "line" or "total"; `firsts` and `lasts` are the days on which
 *   periods begin and end; `columns` has titles where one of them is to be chosen, `adds` those of
 *   them that can be added up, and `months` says whether a day in a cell can choose one.
 */
function valueChoices(block) {
  if (!isName_(block)) return trouble_('bad_request', false);
  return answered_(() => {
    const table = tidy_(block);
    const printed = table ? null : printed_(block);
    return table ? tidyChoices_(table) : printed ? printedChoices_(printed) : trouble_('no_tidy', false);
  });
}

/**
 * Puts the formula into the selected cell.
 *
 * @param {*} asked {block, by: 'id'|'number'|'name', value, row, company, basis, from, to, column,
 *   until}: days as 2026-01-31 or as the name of a cell; without `from` and `to` as far as the table
 *   goes. Where a column is to be chosen `column` and `until` instead of days, by title or, in a
 *   report that is printed, by a cell with a day of its month.
 * @return {*} {cell, formula, shows}
 */
function insertValue(asked) {
  if (!isValue_(asked)) return trouble_('bad_request', false);
  return answered_(() => {
    const formula = anyFormula_(asked);
    if (!formula) return trouble_('no_tidy', false);
    const cell = SpreadsheetApp.getActiveSpreadsheet().getCurrentCell();
    if (!cell) return trouble_('no_cell', false);
    const [[there]] = cell.getFormulas();
    const taken = (there !== '' || !cell.isBlank()) && !isValueFormula_(there, asked.block);
    if (taken || isOurs_(cell)) return trouble_('cell_taken', false);
    cell.setNumberFormat('#,##0.00;(#,##0.00)').setFormula(formula);
    SpreadsheetApp.flush();
    const {cell: name} = pickCell();
    return {cell: name, formula, shows: cell.getDisplayValue()};
  });
}

/** @param {*} asked @return {boolean} */
function isValue_(asked) {
  const text = (/** @type {*} */ value) => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_VALUE_NAME;
  const day = (/** @type {*} */ value) => typeof value === 'string' && (DAY.test(value) || CELL.test(value));
  return isObject_(asked) && isName_(asked.block) && VALUE_BY.includes(asked.by) && text(asked.value) &&
    (asked.row === undefined || VALUE_ROWS.includes(asked.row)) &&
    ['company', 'basis', 'column', 'until'].every((name) => asked[name] === undefined || text(asked[name])) &&
    ['from', 'to'].every((name) => asked[name] === undefined || day(asked[name]));
}

/** @param {*} asked See `insertValue`. @return {?string} null where there is no such value. */
function anyFormula_(asked) {
  const table = tidy_(asked.block);
  if (table) return tidyFormula_(asked, table);
  const printed = printed_(asked.block);
  return printed && printedFormula_(asked, printed);
}

/**
 * @param {string} formula @param {string} block
 * @return {boolean} We put it there, so it may be put anew; one that a person wrote or reckons with is theirs.
 */
function isValueFormula_(formula, block) {
  const starts = ['=LET(head,IF(COUNTIFS(INDEX(', '=IF(COUNTIFS(INDEX('].map((start) => start + block + ',');
  const bare = formula.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '');
  if (!starts.some((start) => formula.startsWith(start)) || /[/^%]|\d\.\d|\*\d|\d\*/.test(bare)) return false;
  let depth = 0;
  const ends = [...bare].findIndex((mark) => {
    depth += mark === '(' ? 1 : mark === ')' ? -1 : 0;
    return mark === ')' && depth === 0;
  });
  return ends === bare.length - 1;
}

/** @param {string} text @return {string} As a formula compares it with a cell: nothing in it is a pattern. */
function quotedName_(text) {
  return '"' + text.replace(/[~*?]/g, '~$&').replace(/"/g, '""') + '"';
}

/**
 * @param {string} title @param {!Array<string>} titles Of all columns.
 * @return {string} A month that is not over is called by its days: it stays found. So does a week, by its first day.
 */
function titleText_(title, titles) {
  const part = /^(([A-Z][a-z]{2} )\d{1,2}[ –-])[ –-]{0,2}(?:[A-Z][a-z]{2} )?\d{1,2}, (\d{4})$/.exec(title);
  if (!part) return quotedName_(title);
  const [, day, month, year] = part;
  const alike = new Set(titles.filter((each) => each.startsWith(month) && each.endsWith(' ' + year)));
  return '"' + (alike.size < 2 ? month.trim() : day) + '*' + year + '"';
}
