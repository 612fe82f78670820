/**
 * @fileoverview The dashboard of a starter pack: a tab of native formulas over the named ranges of
 * its tables, and native charts over these. It is live after each refresh, and stays without the
 * add-on. No text from QuickBooks is part of a formula.
 */

// Each picture has a band of rows: its numbers on the left, its chart beside them.
const BAND_ROWS = 18;
const CHART_COLUMN = 4;
const DASHBOARDS = ['profit', 'receivables', 'payables', 'customers', 'vendors'];
const MOST_PICTURES = 12;
const MOST_CHECKS = 20;
const LONGEST_REASON = 1000;
// Of our tidy layout: core/tidy.py.
const TIDY_NAME = 8;
const TIDY_TYPE = 11;
const TIDY_AMOUNT = 16;
const LARGEST = 10;

/**
 * @param {*} pictures [{block, chart}]: tables that are there, and what is drawn of each.
 * @param {*} checks [{title, verdict, why}]: what came of holding its reports against each other.
 * @return {*} {tab}
 */
function makeDashboard(pictures, checks) {
  const fits = Array.isArray(pictures) && pictures.length > 0 && pictures.length <= MOST_PICTURES &&
    pictures.every((each) => isObject_(each) && isName_(each.block) && DASHBOARDS.includes(each.chart));
  const told = /** @type {!Array<*>} */ (checks || []);
  if (!fits || !areChecks_(told)) return trouble_('bad_request', false);
  return answered_(() => {
    const book = SpreadsheetApp.getActiveSpreadsheet();
    const there = pictures.filter((each) => book.getRangeByName(each.block));
    if (!there.length) return trouble_('block_missing', false);
    const lock = LockService.getDocumentLock();
    if (!lock.tryLock(LOCK_MS)) return trouble_('sheet_busy', true);
    let title = '';
    try {
      const writer = /** @type {*} */ ({book});
      const tab = logTab_(writer, WORDS.dashboard.tab, true);
      title = tab.getName();
      grow_(writer, tab.getRange(1, 1), there.length * BAND_ROWS, 14);
      tab.setColumnWidth(1, 170);
      there.forEach((each, i) => band_(tab, i * BAND_ROWS + 1, each));
      if (told.length) checks_(writer, tab, there.length * BAND_ROWS, told);
      tab.activate();
    } finally {
      release_(lock);
    }
    return {tab: title};
  });
}

/** @param {*} checks @return {boolean} */
function areChecks_(checks) {
  return Array.isArray(checks) && checks.length <= MOST_CHECKS && checks.every((each) =>
    isObject_(each) && isText_(each.title) && isReason_(each.why) && each.verdict in WORDS.ties.verdicts);
}

/** @param {*} why @return {boolean} */
function isReason_(why) {
  return typeof why === 'string' && why.length <= LONGEST_REASON;
}

/**
 * Values, of the moment in which the pack was made: each export says it anew whenever it runs.
 *
 * @param {!Writer} writer @param {!Tab} tab @param {number} above Rows above them. @param {!Array<*>} checks
 */
function checks_(writer, tab, above, checks) {
  const zone = writer.book.getSpreadsheetTimeZone();
  const time = Utilities.formatDate(new Date(), zone, 'yyyy-MM-dd HH:mm');
  const verdicts = /** @type {!Object<string, string>} */ (WORDS.ties.verdicts);
  const lines = [
    [say_(WORDS.dashboard.checks, {time}), '', ''],
    ...checks.map(({title, verdict, why}) => [title, verdicts[verdict], why]),
  ];
  const text = new Array(3).fill({kind: 'text', pattern: '@'});
  const range = below_(writer, tab, above, lines.length, 3);
  writeCells_(range, lines, text, 0);
  tab.getRange(above + 1, 1).setFontWeight('bold');
}

/** @param {string} chart @return {string} */
function drawnTitle_(chart) {
  return /** @type {!Object<string, string>} */ (WORDS.dashboard.titles)[chart];
}

/** @param {!Tab} tab @param {number} row Its first. @param {*} picture */
function band_(tab, row, {block, chart}) {
  tab.getRange(row, 1).setNumberFormat('@').setFontWeight('bold').setValue(drawnTitle_(chart));
  const lines = chart === 'profit' ? profitLines_(block, row) : chart.endsWith('ables') ? agingLines_(block) : largestLines_(block);
  const wide = lines[0].length;
  const range = tab.getRange(row + 1, 1, lines.length, wide);
  range.setNumberFormats(lines.map((line, i) => line.map((_, j) => (i && j ? '#,##0;(#,##0)' : 'General'))));
  range.setFormulas(lines);
  tab.getRange(row + 1, 2, 1, wide - 1).setHorizontalAlignment('right'); // As the numbers below.
  const builder = tab.newChart().setNumHeaders(1)
    .setChartType(chart === 'profit' ? Charts.ChartType.COLUMN : Charts.ChartType.BAR)
    .setOption('title', drawnTitle_(chart)).setOption('legend.position', 'bottom')
    .setPosition(row, CHART_COLUMN, 0, 0);
  for (let column = 1; column <= wide; column++) builder.addRange(tab.getRange(row + 1, column, lines.length, 1));
  tab.insertChart(builder.build());
}

/**
 * Exact titles, in the old words and the new service's: an account's subtotal may end in "Income" too.
 *
 * @param {string} name Of a block. @param {number} row @return {!Array<!Array<string>>} Month, income, net income.
 */
function profitLines_(name, row) {
  const [income, net] = [['Total Income', 'Total for Income'], ['Net Income']];
  const months = Array.from({length: 12}, (_, i) => {
    const column = i + 2;
    const title = 'INDEX(' + name + ',5,' + column + ')';
    const here = '$A' + (row + 2 + i) + '<>""';
    return [
      '=IFERROR(IF((' + title + '="Total")+(' + title + '="Id"),"",' + title + '),"")',
      amount_(name, income, column, here), amount_(name, net, column, here),
    ];
  });
  return [['=""', headed_(name, income, WORDS.dashboard.income), headed_(name, net, WORDS.dashboard.net)], ...months];
}

/** @param {string} name Of a block. @return {!Array<!Array<string>>} Age, amount. */
function agingLines_(name) {
  const ages = [2, 3, 4, 5, 6].map((column) =>
    ['=IFERROR(INDEX(' + name + ',5,' + column + '),"")', amount_(name, ['TOTAL'], column, 'TRUE')]);
  return [['=""', headed_(name, ['TOTAL'], WORDS.dashboard.open)], ...ages];
}

/**
 * @param {string} name Of a block. @param {!Array<string>} labels Of which a report has one.
 * @param {string} title @return {string} Which says so where there is none, as in another language, or
 *   more than one, as where an account "Income" has accounts below it.
 */
function headed_(name, labels, title) {
  const none = say_(WORDS.dashboard.no_line, {title, line: labels[0]});
  return '=IF(' + count_(name, labels) + '=1,"' + title + '","' + none + '")';
}

/**
 * @param {string} name Of a block. @param {!Array<string>} labels See `headed_`. @param {number} column
 * @param {string} there A condition. @return {string} "" where it would be the amount of another line.
 */
function amount_(name, labels, column, there) {
  const at = (/** @type {string} */ label) => 'INDEX(' + name + ',MATCH("' + label + '",INDEX(' + name + ',0,1),0),' + column + ')';
  const found = labels.reduceRight((rest, label) => 'IFERROR(' + at(label) + ',' + rest + ')', '""');
  return '=IF((' + there + ')*(' + count_(name, labels) + '=1),' + found + ',"")';
}

/** @param {string} name Of a block. @param {!Array<string>} labels @return {string} How many lines are called so. */
function count_(name, labels) {
  return '(' + labels.map((label) => 'COUNTIFS(INDEX(' + name + ',0,1),"' + label + '")').join('+') + ')';
}

/**
 * @param {string} name Of a block that is laid out as a table.
 * @return {!Array<!Array<string>>} The largest of its lines, whatever comes and goes: name, amount.
 */
function largestLines_(name) {
  const lines = 'SORT(FILTER(' + name + ',INDEX(' + name + ',0,' + TIDY_TYPE + ')="line"),' + TIDY_AMOUNT + ',FALSE)';
  const of = (/** @type {number} */ place, /** @type {number} */ column) =>
    '=IFERROR(INDEX(' + lines + ',' + place + ',' + column + '),"")';
  const rows = Array.from({length: LARGEST}, (_, i) => [of(i + 1, TIDY_NAME), of(i + 1, TIDY_AMOUNT)]);
  return [['=""', '="' + WORDS.dashboard.amount + '"'], ...rows];
}
