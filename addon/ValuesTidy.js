/**
 * @fileoverview "Insert a value" over a report as a table: SUMIFS over columns that are found by their
 * titles. What the table does not have is #N/A: an amount of other days than those asked for is none.
 */

// What a report as a table has: core/tidy.py.
const TIDY_TITLES = ['Company', 'Id', 'Name', 'Path', 'Row type', 'Amount', 'From', 'To', 'Column', 'Column from', 'Column to'];
const TIDY_HEADS = 2; // Its titles are in the first row, or below one that says when it is late.

/**
 * @param {string} block
 * @return {?{rows: !Array<!Array<string>>, at: !Object<string, number>}} null where it is no report
 *   as a table.
 */
function tidy_(block) {
  const range = SpreadsheetApp.getActiveSpreadsheet().getRangeByName(block);
  if (!range || range.getNumRows() < 2) return null;
  const all = range.getDisplayValues();
  const head = all.slice(0, TIDY_HEADS).findIndex((row) => TIDY_TITLES.every((title) => row.includes(title)));
  if (head < 0) return null;
  return {rows: all.slice(head + 1), at: Object.fromEntries(all[head].map((title, i) => [title, i]))};
}

/** @param {!NonNullable<ReturnType<typeof tidy_>>} table @return {*} See `valueChoices`. */
function tidyChoices_(table) {
  const {rows, at} = table;
  const each = (/** @type {number} */ column) => [...new Set(rows.map((row) => row[column]).filter(Boolean))];
  const days = (/** @type {string} */ title) => each(at[title]).filter((day) => DAY.test(day)).sort();
  const [first, last] = periods_(table);
  return {
    report: rows.length ? rows[0][at.Report] : '',
    accounts: accounts_(table),
    companies: each(at.Company),
    bases: each(at.Basis),
    firsts: days(first),
    lasts: days(last),
    columns: isAmbiguous_(table) ? each(at.Column) : [],
    adds: [],
    months: false,
  };
}

/** @param {*} table @return {!Array<*>} Each line and each total once. */
function accounts_({rows, at}) {
  /** @type {!Map<string, *>} */
  const found = new Map();
  for (const row of rows) {
    const [path, type] = [row[at.Path], row[at['Row type']]];
    const number = at.Number === undefined ? '' : row[at.Number];
    found.set(type + ' ' + path, {label: path, id: row[at.Id], name: row[at.Name], number, path, row: type});
  }
  const all = [...found.values()].slice(0, MOST_NAMES);
  const called = tally_(all.flatMap((each) => (each.row === 'total' ? [each.name] : [each.path])));
  // Compared as numbers in a sheet, "0040" is "40"; a line and its total are of one account.
  const numbered = tally_(all.filter((each) => each.row === 'line').map((each) => sheetNumber_(each.number)));
  for (const each of all) {
    // A total has the path of the group that it is of.
    if (each.row === 'total' && called[each.name] > 1) each.label = each.path + ' > ' + each.name;
    else if (each.row === 'total') each.label = each.name;
    if (numbered[sheetNumber_(each.number)] > 1) each.number = '';
  }
  return all;
}

/** @param {string} number @return {string} */
function sheetNumber_(number) {
  return number === '' || Number.isNaN(Number(number)) ? number : String(Number(number));
}

/** @param {!Array<string>} texts @return {!Object<string, number>} How often each is there. */
function tally_(texts) {
  /** @type {!Object<string, number>} */
  const counts = Object.create(null);
  for (const text of texts) counts[text] = (counts[text] || 0) + 1;
  return counts;
}

/** @param {*} table @return {!Array<string>} The columns with the first and the last day of each amount. */
function periods_({rows, at}) {
  const byPeriod = rows.some((/** @type {!Array<string>} */ row) => row[at['Column from']] !== '');
  return byPeriod ? ['Column from', 'Column to'] : ['From', 'To'];
}

/**
 * @param {*} table @return {boolean} Whether a line has several amounts of the same days: of customers,
 *   of a budget, of companies. They are no sum.
 */
function isAmbiguous_(table) {
  const {rows, at} = table;
  const [first, last] = periods_(table);
  /** @type {!Map<string, string>} */
  const titles = new Map();
  return rows.some((/** @type {!Array<string>} */ row) => {
    if (row[at[first]] === '' && first !== 'From') return false; // A total beside its periods.
    const days = row[at[first]] + ' ' + row[at[last]];
    if (!titles.has(days)) titles.set(days, row[at.Column]);
    return titles.get(days) !== row[at.Column];
  });
}

/**
 * @param {*} table @param {string} id
 * @return {?string} The company in which it means that account; null where that may be either of two.
 */
function companyOf_({rows, at}, id) {
  const named = (/** @type {!Array<!Array<string>>} */ some) => [...new Set(some.map((row) => row[at.Company]).filter(Boolean))];
  const found = named(rows.filter((/** @type {!Array<string>} */ row) => row[at.Id] === id));
  const all = found.length ? found : named(rows);
  return all.length === 1 ? all[0] : null;
}

/** @param {*} asked See `insertValue`. @param {*} table @return {?string} */
function tidyFormula_({block, by, value, row, company: chosen, basis, from, to, column, until}, table) {
  // Another company gives the same id to another account.
  const company = chosen || (by === 'id' ? companyOf_(table, value) : undefined);
  if (company === null || until || isAmbiguous_(table) !== Boolean(column)) return null;
  const [first, last] = periods_(table);
  const stands = standing_(table.rows.length ? table.rows[0][table.at.Report] : '', by === 'name' ? value : '');
  const of = (/** @type {string} */ title) => 'INDEX(' + block + ',0,MATCH("' + title + '",INDEX(' + block + ',head,0),0))';
  const count = (/** @type {!Array<string>} */ tests) => 'COUNTIFS(' + tests.join(',') + ')';
  const numbered = table.at.Number !== undefined && table.rows.some((/** @type {!Array<string>} */ each) => each[table.at.Number] === value);
  const plain = (/** @type {string} */ text) => '="' + text.replace(/"/g, '""') + '"'; // FILTER knows no patterns.
  // The lines of one number have one path.
  const alike = [of('Number') + plain(value), of('Row type') + plain(row || 'line'), ...(company ? [of('Company') + plain(company)] : [])];
  const found = {
    id: () => [of('Id'), same_(value)],
    number: () => (numbered ? [of('Number'), same_(value)] : [of('Name'), '"="&' + quotedName_(value) + '&" *"']),
    name: () => [of('Path'), same_(value)],
  }[/** @type {'id'|'number'|'name'} */ (by)]();
  found.push(of('Row type'), '"' + (row || 'line') + '"');
  const scope = [...(company ? [of('Company'), same_(company)] : []), ...(basis ? [of('Basis'), same_(basis)] : [])];
  const titles = table.rows.map((/** @type {!Array<string>} */ each) => each[table.at.Column]);
  const titled = column ? [of('Column'), '"="&' + titleText_(column, titles)] : [];
  const [begin, end] = [from ? dayText_(from) : 'MIN(' + of(first) + ')', to ? dayText_(to) : 'MAX(' + of(last) + ')'];
  const days = column ? []
    : stands === 'last' ? [of(last), '"="&' + end]
    : stands === 'first' ? [of(first), '"="&' + begin]
      : [of(first), from ? '">="&' + begin : '">0"', ...(to ? [of(last), '"<="&' + end] : [])];
  const amounts = count([...found, ...scope, ...titled, ...days]);
  // The periods from the one day to the other: QuickBooks leaves months without an amount empty, so not those of the line.
  const periods = (/** @type {string} */ title) =>
    'UNIQUE(FILTER(' + of(title) + ',' + of(first) + '>=' + begin + ',' + of(last) + '<=' + end + '))';
  const moves = !column && !stands;
  // An id is never that of another account of its company, so that no line with it has nothing to show: 0.
  const there = [
    // A day is awaited in an empty cell: as a criterion it would be whatever has no day.
    ...[from, to].filter((day) => day && !DAY.test(day)).map((cell) => '(' + cell + '<>"")'),
    count(by === 'id' ? scope : [...found, ...scope]),
    ...(by === 'number' && numbered ? ['(COUNTA(UNIQUE(FILTER(' + [of('Path'), ...alike].join(',') + ')))=1)'] : []),
    ...(column ? [count([...titled, ...scope])] : []),
    ...(from ? [count([of(first), '"="&' + dayText_(from), ...scope])] : []),
    ...(to ? [count([of(last), '"="&' + dayText_(to), ...scope])] : []),
    ...(moves && from && to ? ['(' + begin + '<=' + end + ')'] : []),
    // Every day once: those of a year before do not adjoin.
    ...(moves ? ['(SUM(ended)-SUM(began)+COUNT(began)=' + end + '-' + begin + '+1)'] : []),
    // More amounts than periods are those of two lines, companies or columns.
    '(' + amounts + '<=' + (moves ? 'COUNT(began)' : '1') + ')',
  ];
  const sum = 'SUMIFS(' + [of('Amount'), ...found, ...scope, ...titled, ...days].join(',') + ')';
  const head = 'IF(COUNTIFS(INDEX(' + block + ',1,0),"Amount")>0,1,' + TIDY_HEADS + ')';
  const named = moves ? 'began,' + periods(first) + ',ended,' + periods(last) + ',' : '';
  return '=LET(head,' + head + ',' + named + 'IF(' + there.join('*') + '=0,NA(),' + sum + '))';
}

/** @param {string} text @return {string} As one criterion: "<5" or ">A" would be read as a comparison. */
function same_(text) {
  return '"="&' + quotedName_(text);
}

/** @param {string} day @return {string} A serial number, or the cell. */
function dayText_(day) {
  return DAY.test(day) ? String(Math.round((Date.parse(day + 'T00:00:00Z') - Date.UTC(1899, 11, 30)) / 864e5)) : day;
}
