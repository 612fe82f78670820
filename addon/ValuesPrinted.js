/**
 * @fileoverview "Insert a value" over a report as it is printed: by the name of its line and the titles
 * of its columns. Names are part of the formula as text in quotes, as in Values.js.
 */

const MOST_SUMMED = 60; // Columns in one formula: five years of months.

/**
 * @param {string} block
 * @return {?{lines: !Array<string>, columns: !Array<string>, header: number}} Its lines by name, those
 *   of which there is one alone, and its columns; null where it is no report that keeps its lines.
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
  return {
    header,
    // Not the title rows; a name that stands there as well would be found there first.
    lines: names.slice(header).filter((name, i) => once(names, name) && rows[header + i].slice(1).some(Boolean)),
    columns: titles.filter((title) => once(titles, title)),
  };
}

/**
 * @param {*} asked {block, value, column, until}: a line by its name or the number it begins with, and
 *   one column or all from it to another one.
 * @param {{lines: !Array<string>, columns: !Array<string>, header: number}} table
 * @return {?string} null where there is no such line or column.
 */
function printedFormula_({block, value, column, until}, {lines, columns, header}) {
  const numbered = lines.filter((name) => name.startsWith(value + ' '));
  const line = lines.includes(value) ? quotedName_(value)
    : numbered.length === 1 ? '"' + quotedName_(value).slice(1, -1) + ' *"' : null;
  const [first, last] = [columns.indexOf(column), columns.indexOf(until || column)];
  if (!line || first < 0 || last < first || last - first >= MOST_SUMMED) return null;
  const row = 'MATCH(' + line + ',INDEX(' + block + ',0,1),0)';
  const cell = (/** @type {string} */ title) =>
    'INDEX(' + block + ',' + row + ',MATCH(' + titleText_(title) + ',INDEX(' + block + ',' + header + ',0),0))';
  return last === first ? '=' + cell(column) : '=SUM(' + columns.slice(first, last + 1).map(cell).join(',') + ')';
}

/** @param {string} text @return {string} As MATCH compares it with a cell: nothing in it is a pattern. */
function quotedName_(text) {
  return '"' + text.replace(/[~*?]/g, '~$&').replace(/"/g, '""') + '"';
}

/** @param {string} title @return {string} A month that is not over is called by its days: it stays found. */
function titleText_(title) {
  const part = /^([A-Z][a-z]{2}) \d{1,2} ?[-–] ?(?:[A-Z][a-z]{2} )?\d{1,2}, (\d{4})$/.exec(title);
  return part ? '"' + part[1] + '*' + part[2] + '"' : quotedName_(title);
}
