/**
 * @fileoverview `chart`: our own, from templates, over columns of the block. Made once, found again
 * by its id. docs/operations.md ("Charts"); the backend's half is adapters/sheet_charts.py.
 */

/**
 * @typedef {GoogleAppsScript.Spreadsheet.Range} Cells
 * @typedef {{chart: number, columns: !Array<number>}} KeptChart `columns`: which of the block's it
 *   was set over.
 */

/** @param {!Writer} writer @param {*} op */
function chart_(writer, op) {
  const block = block_(writer);
  const rows = block.getNumRows() - op.header_rows;
  if (rows < 1) return;
  /** @type {!Array<number>} */
  const columns = [op.over, ...op.series].map((column) => layOf_(writer.lay, column + 1)[column]);
  const ranges = columns.map((at) => at_(block, op.header_rows - 1, at, rows + 1, 1));
  const key = receiptKey_(writer) + ':chart:' + op.name;
  const [item] = writer.book.createDeveloperMetadataFinder().withKey(key).find();
  const kept = item ? keptChart_(item.getValue()) : null;
  if (!kept) {
    const id = madeChart_(writer, op, ranges);
    const text = JSON.stringify({chart: id, columns: columns});
    if (item) item.setValue(text);
    else writer.book.addDeveloperMetadata(key, text, SpreadsheetApp.DeveloperMetadataVisibility.DOCUMENT);
    return;
  }
  const place = chartPlace_(writer, kept.chart);
  if (!place) return; // A person deleted it.
  const now = place.chart.getRanges();
  const next = chartRanges_(block, op.header_rows, kept, now, ranges);
  if (!isOver_(now, next)) {
    const builder = place.chart.modify().clearRanges();
    next.forEach((range) => builder.addRange(range));
    place.tab.updateChart(builder.build());
  }
  const text = JSON.stringify({chart: kept.chart, columns: columns});
  if (isOver_(next, ranges) && item.getValue() !== text) item.setValue(text);
}

/** @param {?string} text @return {?KeptChart} Null for what is none of ours. */
function keptChart_(text) {
  try {
    const kept = JSON.parse(text || '');
    return isObject_(kept) && typeof kept.chart === 'number' && Array.isArray(kept.columns) ? kept : null;
  } catch (_) {
    return null;
  }
}

/**
 * @param {!Writer} writer @param {*} op @param {!Array<Cells>} ranges
 * @return {number} The id of a new chart, or of one that a run made that was killed.
 */
function madeChart_(writer, op, ranges) {
  const type = {
    bar: Charts.ChartType.BAR, column: Charts.ChartType.COLUMN, line: Charts.ChartType.LINE,
  }[/** @type {string} */ (op.template)];
  if (!type) throw stop_('unknown_operation', WORDS.writer.unknown);
  const block = block_(writer);
  const tab = op.tab ? logTab_(writer, op.tab) : block.getSheet();
  const there = tab.getCharts().find((chart) => isOver_(chart.getRanges(), ranges));
  if (there) return idOf_(there);
  const corner = op.tab ? tab.getRange(1, 1) : block.getCell(1, 1);
  grow_(writer, corner, op.row + 1, op.column + 1);
  const before = new Set(tab.getCharts().map(idOf_));
  const builder = tab.newChart().setChartType(type).setNumHeaders(1)
    .setOption('title', op.title).setOption('legend.position', 'bottom')
    .setPosition(corner.getRow() + op.row, corner.getColumn() + op.column, 0, 0);
  ranges.forEach((range) => builder.addRange(range));
  tab.insertChart(builder.build());
  SpreadsheetApp.flush();
  // What was built has no id before it is in the spreadsheet.
  const made = tab.getCharts().map(idOf_).find((id) => !before.has(id));
  if (made === undefined) throw stop_('refused', WORDS.writer.refused);
  return made;
}

/** @param {GoogleAppsScript.Spreadsheet.EmbeddedChart} chart @return {number} */
function idOf_(chart) {
  return Number(chart.getChartId());
}

/**
 * @param {!Writer} writer @param {number} id
 * @return {?{tab: !Tab, chart: GoogleAppsScript.Spreadsheet.EmbeddedChart}} Wherever it was moved to.
 */
function chartPlace_(writer, id) {
  for (const tab of writer.book.getSheets()) {
    const chart = tab.getCharts().find((each) => idOf_(each) === id);
    if (chart) return {tab: tab, chart: chart};
  }
  return null;
}

/**
 * @param {Cells} block @param {number} headerRows @param {!KeptChart} kept
 * @param {!Array<Cells>} now @param {!Array<Cells>} ours
 * @return {!Array<Cells>} Ours, if it still reads the columns that it was set over; where a person
 *   chose others, these, down to the block's last row.
 */
function chartRanges_(block, headerRows, kept, now, ours) {
  const home = block.getSheet().getSheetId();
  const isHere = (/** @type {Cells} */ range) => range.getSheet().getSheetId() === home;
  const at = (/** @type {Cells} */ range) => range.getColumn() - block.getColumn();
  const isAsSet = now.length === kept.columns.length && now.every((range, i) =>
    isHere(range) && range.getNumColumns() === 1 && at(range) === kept.columns[i]);
  if (isAsSet) return ours;
  return now.map((range) => {
    const [first, wide] = [range.getRow() - block.getRow(), range.getNumColumns()];
    const isOfBlock = isHere(range) && at(range) >= 0 && at(range) + wide <= block.getNumColumns() &&
      first >= 0 && first < headerRows;
    return isOfBlock ? at_(block, first, at(range), block.getNumRows() - first, wide) : range;
  });
}

/** @param {!Array<Cells>} some @param {!Array<Cells>} others @return {boolean} Whether all are the same. */
function isOver_(some, others) {
  const text = (/** @type {Cells} */ range) => JSON.stringify([range.getSheet().getSheetId(), rect_(range)]);
  return some.length === others.length && some.every((range, i) => text(range) === text(others[i]));
}
