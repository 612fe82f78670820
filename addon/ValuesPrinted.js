/**
 * @fileoverview "Insert a value" over a report as it is printed: by the name of its line and the titles
 * of its columns, or by the month of a day in a cell.
 */

const MOST_SUMMED = 60; // Columns in one formula: five years of months.
const PRINTED_ID = 'Id'; // The column of ids, where there is one: core/printed.py.
const PRINTED_COMPANY = 0; // The title rows with the company's name and the report's: core/printed.py.
const PRINTED_REPORT = 1;
const MONTH_NAMES = '"Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"'; // Of QuickBooks' titles.
const OF_A_MONTH = /^([A-Z][a-z]{2}) (?:\d{1,2} ?[-–] ?(?:\1 )?\d{1,2}, )?\d{4}$/;
const OF_A_PERIOD = /\d{4}$/;
const OF_AN_AGE = /^(current|\d+ ?[-–] ?\d+|\d+ and over)$/i;
const OF_SEVERAL = /^change from |: /i; // Beside its own: "Change from 2025", "Acme: Jan 2026".
// A month's title, and that of one that is not over, as COUNTIFS knows them.
const MONTHS_ALONE = ['"??? ????"', '"??? *, ????"'];

/**
 * @param {string} block
 * @return {?{company: string, report: string, lines: !Array<string>, ids: !Array<!Array<string>>, columns: !Array<string>, header: number}}
 *   Its lines by name, those of which there is one alone; [id, name] of those that have an id; and its
 *   columns. null where it is no report that keeps its lines.
 */
function printed_(block) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const range = book.getRangeByName(block);
  const receipt = range && receiptOf_(/** @type {!Writer} */ (/** @type {*} */ ({book, block})));
  if (!range || !receipt || receipt.state !== 'done' || !receipt.lines) return null;
  // Not as they are shown: names are indented by their format.
  const rows = range.getValues().map((row) => row.map(String));
  const header = receipt.rows - sentRows_(receipt.digest);
  if (header < 1 || rows.length <= header || rows[0].length < 2) return null;
  const names = rows.map(([name]) => name);
  const once = (/** @type {!Array<string>} */ all, /** @type {string} */ name) =>
    name !== '' && all.filter((each) => each === name).length === 1;
  const titles = rows[header - 1].slice(1);
  const at = once(titles, PRINTED_ID) ? titles.indexOf(PRINTED_ID) + 1 : -1;
  return {
    // Where ids were left out again their column stays, at 0, until somebody tidies up.
    ids: at < 0 ? [] : rows.slice(header).filter((row) => row[at] !== '' && row[at] !== '0').map((row) => [row[at], row[0]]),
    header,
    company: header > PRINTED_REPORT ? rows[PRINTED_COMPANY][0] : '',
    report: header > PRINTED_REPORT ? rows[PRINTED_REPORT][0] : '',
    // Not the title rows; a name that stands there as well would be found there first.
    lines: names.slice(header).filter((name, i) => once(names, name) && rows[header + i].slice(1).some(Boolean)),
    columns: titles.filter((title) => title !== PRINTED_ID && once(titles, title)),
  };
}

/** @param {!NonNullable<ReturnType<typeof printed_>>} table @return {*} See `valueChoices`. */
function printedChoices_({report, lines, ids, columns}) {
  const number = (/** @type {string} */ name) => (/^(\d[\w.-]*) /.exec(name) || ['', ''])[1];
  const named = lines.map((name) => ({
    label: name, id: (ids.find((each) => each[1] === name) || [''])[0], name, path: name, row: 'line',
    number: lines.filter((each) => each.startsWith(number(name) + ' ')).length === 1 ? number(name) : '',
  }));
  // Of one name several, or a heading that got no amount yet: their ids tell them apart.
  const others = ids.filter(([, name]) => !lines.includes(name))
    .map(([id, name]) => ({label: name + ' (' + id + ')', id, name, path: '', row: 'line', number: ''}));
  const accounts = [...named, ...others].slice(0, MOST_NAMES);
  const adds = columns.filter(addsUp_);
  return {report, accounts, columns, adds, months: areMonths_(columns), companies: [], bases: [], firsts: [], lasts: []};
}

/**
 * @param {*} asked {block, by, value, column, until}: a line by its name or the number it begins with, and
 *   one column or all from it to another one.
 * @param {!NonNullable<ReturnType<typeof printed_>>} table
 * @return {?string} null where there is no such line or column.
 */
function printedFormula_({block, by, value, column, until}, {company, report, lines, ids, columns, header}) {
  if (by === 'id') return ids.some(([id]) => id === value) ? printedById_({block, value, column, until}, {company, report, columns, header}) : null;
  const numbered = by === 'number' && lines.filter((name) => name.startsWith(value + ' ')).length === 1;
  const line = numbered ? '"' + quotedName_(value).slice(1, -1) + ' *"' : by === 'name' && lines.includes(value) ? quotedName_(value) : null;
  if (!line || !column) return null;
  const stands = standing_(report, value);
  const names = 'INDEX(' + block + ',0,1)';
  const sum = printedSum_({block, column, until}, 'MATCH(' + line + ',' + names + ',0)', {stands, columns, header});
  // Another line may come to be called so, and MATCH takes the first.
  return sum && '=IF(COUNTIFS(' + names + ',"="&' + line + ')=1,' + sum.slice(1) + ',NA())';
}

/**
 * @param {*} asked @param {{company: string, report: string, columns: !Array<string>, header: number}} table
 * @return {?string} A line that goes has no movement: an id is never that of another account of its company.
 */
function printedById_({block, value, column, until}, {company, report, columns, header}) {
  if (!company) return null;
  const ids = 'INDEX(' + block + ',0,MATCH("' + PRINTED_ID + '",INDEX(' + block + ',' + header + ',0),0))';
  const stands = standing_(report, '');
  const sum = column ? printedSum_({block, column, until}, 'MATCH(' + quotedName_(value) + ',' + ids + ',0)', {stands, columns, header}) : null;
  const none = 'IF(COUNTIFS(' + ids + ',0)=0,0,NA())'; // Left out again they are 0, and nobody knows.
  // Another company gives the same id to another account.
  const whose = 'COUNTIFS(INDEX(' + block + ',' + (PRINTED_COMPANY + 1) + ',1),' + same_(company) + ')';
  return sum && '=IF(' + whose + '=0,NA(),IF(COUNTIFS(' + ids + ',' + same_(value) + ')=0,' + none + ',' + sum.slice(1) + '))';
}

/**
 * @param {*} asked @param {string} row Which of the block's, as a formula.
 * @param {{stands: string, columns: !Array<string>, header: number}} table `stands`: see `standing_`.
 * @return {?string} null for what is no sum: of a total and its parts, of a change.
 */
function printedSum_({block, column, until}, row, {stands, columns, header}) {
  const heads = 'INDEX(' + block + ',' + header + ',0)';
  const place = (/** @type {string} */ text) => 'MATCH(' + text + ',' + heads + ',0)';
  const at = (/** @type {string} */ text) => 'INDEX(' + block + ',' + row + ',' + place(text) + ')';
  if (CELL.test(column) || CELL.test(until || '')) {
    const given = [column, until || column].filter((end) => !CELL.test(end));
    if (!areMonths_(columns) || !given.every((end) => OF_A_MONTH.test(end))) return null;
    const ends = [column, until || column].map((end) => (CELL.test(end) ? monthText_(end) : titleText_(end, columns)));
    if (ends[0] === ends[1] || stands) return '=' + at(ends[stands === 'first' ? 0 : 1]);
    // A range has no direction, and takes along what stands between: #N/A, unless it is a month each.
    const [from, to] = ends.map(place);
    const between = ends.map((text) => 'INDEX(' + block + ',' + header + ',' + place(text) + ')').join(':');
    const months = MONTHS_ALONE.map((pattern) => 'COUNTIFS(' + between + ',' + pattern + ')').join('+');
    return '=IF(' + months + '=' + to + '-' + from + '+1,SUM(' + ends.map(at).join(':') + '),NA())';
  }
  const [first, last] = [columns.indexOf(column), columns.indexOf(until || column)];
  if (first < 0 || last < first || last - first >= MOST_SUMMED) return null;
  const cell = (/** @type {string} */ title) => at(titleText_(title, columns));
  if (first === last || stands) return '=' + cell(columns[stands === 'first' ? first : last]);
  const summed = columns.slice(first, last + 1);
  return summed.every(addsUp_) ? '=SUM(' + summed.map(cell).join(',') + ')' : null;
}

/** @param {string} title @return {boolean} Whether its amounts and those of its like are parts of one. */
function addsUp_(title) {
  return OF_AN_AGE.test(title) || (OF_A_PERIOD.test(title) && !OF_SEVERAL.test(title));
}

/**
 * @param {string} report @param {string} line Its name.
 * @return {string} "first" or "last" where an amount is as of a day, so that no two of them are a sum:
 *   which of them is that of several periods. "" for a movement.
 */
function standing_(report, line) {
  const ofCash = /\bcash at (beginning|end) of period$/i.exec(line);
  if (ofCash) return ofCash[1].toLowerCase() === 'end' ? 'last' : 'first';
  return /balance/i.test(report) ? 'last' : '';
}

/** @param {!Array<string>} columns @return {boolean} Whether each of their periods is a month of its own. */
function areMonths_(columns) {
  const periods = columns.filter((title) => OF_A_PERIOD.test(title));
  const months = new Set(periods.map((title) => title.slice(0, 4) + title.slice(-4)));
  return periods.length > 0 && months.size === periods.length && periods.every((title) => OF_A_MONTH.test(title));
}

/** @param {string} cell @return {string} The title of its month, in our words: TEXT has those of the spreadsheet. */
function monthText_(cell) {
  return 'CHOOSE(MONTH(' + cell + '),' + MONTH_NAMES + ')&"*"&YEAR(' + cell + ')';
}
