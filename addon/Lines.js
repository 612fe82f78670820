/**
 * @fileoverview Whole rows and columns that come and go. docs/operations.md ("Rows and columns");
 * the backend's half is adapters/sheet_rows.py.
 */

/**
 * @param {!Array<number>} places Ascending.
 * @return {!Array<!Array<number>>} [first, how many] of places that follow each other.
 */
function runs_(places) {
  /** @type {!Array<!Array<number>>} */
  const runs = [];
  for (const place of places) {
    const last = runs[runs.length - 1];
    if (last && last[0] + last[1] === place) last[1]++;
    else runs.push([place, 1]);
  }
  return runs;
}

/**
 * @param {!Writer} writer @param {number} header
 * @return {!Set<number>} The data rows that hold something outside our columns.
 */
function beside_(writer, header) {
  const area = block_(writer);
  const tab = area.getSheet();
  const rows = area.getNumRows() - header;
  if (rows < 1) return new Set();
  const ours = new Set([...writer.lay.was.values()].map((at) => area.getColumn() - 1 + at));
  const lines = filled_(tab.getRange(area.getRow() + header, 1, rows, tab.getMaxColumns()));
  return new Set(lines.flatMap((line, i) => (line.some((is, j) => is && !ours.has(j)) ? [i] : [])));
}

/**
 * Deletes the rows that leave, and makes room for new ones at the end; the block's name covers them.
 * @param {!Writer} writer @param {number} header @param {!Plan} plan
 */
function fit_(writer, header, plan) {
  const area = block_(writer);
  const [tab, now] = [area.getSheet(), rect_(area)];
  const others = otherBlocks_(writer, tab);
  // A tab must keep a row that is not frozen.
  if (plan.removed.length && now.row + now.rows - 1 === tab.getMaxRows()) {
    grow_(writer, area, now.rows + 1, now.columns);
  }
  const taken = plan.fresh > 0 && isTaken_(tab, now.row + now.rows, plan.fresh, others);
  if (taken) checkCells_(writer, plan.fresh * tab.getMaxColumns());
  for (const [first, count] of runs_(plan.removed).reverse()) {
    tab.deleteRows(now.row + header + first, count);
  }
  const high = header + plan.rows.length;
  if (taken) tab.insertRowsAfter(now.row + now.rows - plan.removed.length - 1, plan.fresh);
  const corner = tab.getRange(now.row, now.column);
  if (!taken) grow_(writer, corner, high, now.columns);
  writer.book.setNamedRange(writer.block, at_(corner, 0, 0, high, now.columns));
}

/**
 * Stops where another block stands in rows of this one and some come or go.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} area @param {!Plan} plan
 */
function rowsAreOurs_(writer, area, plan) {
  const tab = area.getSheet();
  const rows = {row: area.getRow(), column: 1, rows: area.getNumRows(), columns: tab.getMaxColumns()};
  const comeOrGo = plan.removed.length || plan.fresh;
  const other = comeOrGo && otherBlocks_(writer, tab).find((each) => meets_(each, rows));
  if (other) throw stopAt_('rows_shared', WORDS.writer.rows_shared, tab, other);
}

/**
 * @param {!Tab} tab @param {number} row From 1. @param {number} more @param {!Array<!Rect>} others
 * @return {boolean} Whether anything stands in the next whole rows below the block.
 */
function isTaken_(tab, row, more, others) {
  const columns = tab.getMaxColumns();
  const rows = Math.min(more, tab.getMaxRows() - row + 1);
  if (rows < 1) return false;
  const below = {row: row, column: 1, rows: rows, columns: columns};
  const merged = tab.getRange(row, 1, rows, columns).getMergedRanges();
  return merged.length > 0 || others.some((each) => meets_(each, below)) ||
    firstFilled_(tab, below) !== null;
}
