/**
 * @fileoverview "Insert a value": a native formula over a table's named range, put into the selected
 * cell. It is live after each refresh, offline, and still there without the add-on.
 *
 * Names from QuickBooks are part of it as text in quotes, every quote doubled: never as a formula.
 */

const MOST_NAMES = 2000;
const LONGEST_VALUE_NAME = 500;
const VALUE_BY = ['id', 'number', 'name'];
// What a report as a table has: core/tidy.py.
const TIDY_TITLES = ['Id', 'Name', 'Path', 'Row type', 'Amount', 'From', 'To', 'Column from', 'Column to'];

/**
 * What a value can be of, in a report that is laid out as a table.
 *
 * @param {string} block
 * @return {*} {report, accounts: [{id, name, path}], companies, bases}; of one that is printed also
 *   `columns`, its titles.
 */
function valueChoices(block) {
  if (!isName_(block)) return trouble_('bad_request', false);
  return answered_(() => {
    const table = tidy_(block);
    if (!table) return printedChoices_(block);
    const {rows, at} = table;
    const accounts = new Map(rows.map((row) => [row[at.Path], {id: row[at.Id], name: row[at.Name], path: row[at.Path]}]));
    const each = (/** @type {number} */ column) => [...new Set(rows.map((row) => row[column]).filter(Boolean))];
    return {
      report: rows.length ? rows[0][at.Report] : '',
      accounts: [...accounts.values()].slice(0, MOST_NAMES),
      companies: each(at.Company),
      bases: each(at.Basis),
    };
  });
}

/** @param {string} block @return {*} See `valueChoices`. */
function printedChoices_(block) {
  const table = printed_(block);
  if (!table) return trouble_('no_tidy', false);
  const accounts = table.lines.slice(0, MOST_NAMES).map((name) => ({id: '', name, path: name}));
  return {report: '', accounts, columns: table.columns, companies: [], bases: []};
}

/**
 * Puts the formula into the selected cell.
 *
 * @param {*} asked {block, by: 'id'|'number'|'name', value, company, basis, from, to}: days as
 *   2026-01-31 or as the name of a cell; without `from` the balance at `to`, else the movement. Of a
 *   report that is printed `column` and `until` instead of all after `value`.
 * @return {*} {cell, formula, shows}
 */
function insertValue(asked) {
  const text = (/** @type {*} */ value) => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_VALUE_NAME;
  const optional = (/** @type {*} */ value) => value === undefined || value === null || text(value);
  const day = (/** @type {*} */ value) => typeof value === 'string' && (DAY.test(value) || CELL.test(value));
  const fits = isObject_(asked) && isName_(asked.block) && VALUE_BY.includes(asked.by) && text(asked.value) &&
    (text(asked.column) ? asked.by !== 'id' && optional(asked.until)
      : optional(asked.company) && optional(asked.basis) && day(asked.to) && (asked.from === undefined || day(asked.from)));
  if (!fits) return trouble_('bad_request', false);
  return answered_(() => {
    const formula = anyFormula_(asked);
    if (!formula) return trouble_('no_tidy', false);
    const cell = SpreadsheetApp.getActiveSpreadsheet().getCurrentCell();
    if (!cell) return trouble_('no_cell', false);
    if (isOurs_(cell)) return trouble_('cell_taken', false);
    cell.setNumberFormat('#,##0.00;(#,##0.00)').setFormula(formula);
    SpreadsheetApp.flush();
    const {cell: name} = pickCell();
    return {cell: name, formula, shows: cell.getDisplayValue()};
  });
}

/** @param {*} asked See `insertValue`. @return {?string} */
function anyFormula_(asked) {
  if (asked.column) {
    const printed = printed_(asked.block);
    return printed && printedFormula_(asked, printed);
  }
  const table = tidy_(asked.block);
  if (!table) return null;
  const byPeriod = table.rows.some((row) => row[table.at['Column from']] !== '');
  return valueFormula_(asked, byPeriod ? ['Column from', 'Column to'] : ['From', 'To']);
}

/**
 * @param {*} asked See `insertValue`.
 * @param {!Array<string>} period The columns with the first and the last day of each amount.
 * @return {string}
 */
function valueFormula_({block, by, value, company, basis, from, to}, [first, last]) {
  const column = (/** @type {string} */ title) => 'INDEX(' + block + ',0,MATCH("' + title + '",INDEX(' + block + ',1,0),0))';
  const words = (/** @type {string} */ text) => '"' + text.replace(/[~*?]/g, '~$&').replace(/"/g, '""') + '"';
  // As one criterion: a name that begins like "<5" or ">A" would be read as a comparison.
  const same = (/** @type {string} */ text) => '"="&' + words(text);
  const found = {
    id: () => [column('Id'), same(value)],
    number: () => [column('Name'), '"="&' + words(value) + '&" *"'],
    name: () => [column('Path'), same(value)],
  }[/** @type {'id'|'number'|'name'} */ (by)]();
  const tests = [...found, column('Row type'), '"line"'];
  if (company) tests.push(column('Company'), same(company));
  if (basis) tests.push(column('Basis'), same(basis));
  if (from) tests.push(column(first), '">="&' + dayText_(from), column(last), '"<="&' + dayText_(to));
  else tests.push(column(last), '"="&' + dayText_(to));
  return '=SUMIFS(' + [column('Amount'), ...tests].join(',') + ')';
}

/** @param {string} day @return {string} A serial number, or the cell. */
function dayText_(day) {
  return DAY.test(day) ? String(Math.round((Date.parse(day + 'T00:00:00Z') - Date.UTC(1899, 11, 30)) / 864e5)) : day;
}

/**
 * @param {string} block
 * @return {?{rows: !Array<!Array<string>>, at: !Object<string, number>}} null where it is no report
 *   as a table.
 */
function tidy_(block) {
  const range = SpreadsheetApp.getActiveSpreadsheet().getRangeByName(block);
  if (!range || range.getNumRows() < 2) return null;
  const [titles, ...rows] = range.getDisplayValues();
  if (!TIDY_TITLES.every((title) => titles.includes(title))) return null;
  return {rows, at: Object.fromEntries(titles.map((title, i) => [title, i]))};
}
