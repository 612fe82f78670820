/**
 * @fileoverview Room for a block before anything changes: whose cells are where it grows, and what
 * must not be met. docs/operations.md, `ensure_grid`; the backend's half is adapters/sheet_room.py.
 */

const CELLS_PER_BOOK = 10000000;

/** @typedef {{row: number, column: number, rows: number, columns: number}} Rect From 1. */

/** @param {!Writer} writer @param {*} op Free cells for the block's new rectangle, named as its own. */
function room_(writer, op) {
  keepTurn_(writer);
  const area = block_(writer);
  const tab = area.getSheet();
  const now = rect_(area);
  const union = {
    row: now.row,
    column: now.column,
    rows: Math.max(now.rows, op.rows),
    columns: Math.max(now.columns, width_(writer.lay, op.columns)),
  };
  const others = otherBlocks_(writer, tab);
  mustBeOurs_(area, union, others);
  const right = {
    row: now.row, column: now.column + now.columns,
    rows: union.rows, columns: union.columns - now.columns,
  };
  // Blank or not: another block's cells are its own, and those under a merged one nobody's.
  const objects = right.columns ? [...others, ...mergedIn_(tab, right)] : [];
  const taken = objects.find((each) => meets_(each, right)) || firstFilled_(tab, right);
  if (taken) throw stopAt_('no_room', WORDS.writer.no_room_right, tab, taken);
  const shift = shiftOf_(area, union, others);
  checkReceipts_(writer);
  if (shift) grow_(writer, tab.getRange(1, 1), tab.getMaxRows() + shift, 1);
  grow_(writer, area, union.rows, union.columns);
  if (shift) at_(area, now.rows, 0, shift, union.columns).insertCells(SpreadsheetApp.Dimension.ROWS);
  // From here on all of it is the block's: a run that dies leaves nothing unnamed.
  if (union.rows !== now.rows || union.columns !== now.columns) {
    writer.book.setNamedRange(writer.block, at_(area, 0, 0, union.rows, union.columns));
  }
}

/**
 * Blank rows and columns at the tab's end until the rectangle fits.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} from Its top left cell.
 * @param {number} rows @param {number} columns
 */
function grow_(writer, from, rows, columns) {
  const tab = from.getSheet();
  const [high, wide] = [tab.getMaxRows(), tab.getMaxColumns()];
  const more = Math.max(0, from.getRow() - 1 + rows - high);
  const wider = Math.max(0, from.getColumn() - 1 + columns - wide);
  if (!more && !wider) return;
  checkCells_(writer, (high + more) * (wide + wider) - high * wide);
  // What Apps Script inserts takes over the number formats beside it.
  if (more) tab.insertRowsAfter(high, more);
  if (more) tab.getRange(high + 1, 1, more, wide).setNumberFormat('General');
  if (wider) tab.insertColumnsAfter(wide, wider);
  if (wider) tab.getRange(1, wide + 1, high + more, wider).setNumberFormat('General');
}

/** @param {!Writer} writer @param {number} more Stops where so many more cells are too many. */
function checkCells_(writer, more) {
  if (more > freeCells_(writer)) throw stop_('spreadsheet_full', WORDS.writer.full);
}

/** @param {!Writer} writer @return {number} How many more cells the spreadsheet can have. */
function freeCells_(writer) {
  const cells = writer.book.getSheets().map((each) => each.getMaxRows() * each.getMaxColumns());
  return CELLS_PER_BOOK - cells.reduce((sum, each) => sum + each, 0);
}

/** @param {!Writer} writer @param {!Tab} tab @return {!Array<!Rect>} Counterfoil's others there. */
function otherBlocks_(writer, tab) {
  const named = writer.book.getNamedRanges().filter((each) =>
    BLOCK_NAME.test(each.getName()) && each.getName() !== writer.block);
  return named.map((each) => each.getRange())
      .filter((range) => range && range.getSheet().getSheetId() === tab.getSheetId()).map(rect_);
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} area @param {!Rect} union
 * @param {!Array<!Rect>} others
 */
function mustBeOurs_(area, union, others) {
  const [tab, now] = [area.getSheet(), rect_(area)];
  const other = others.find((each) => meets_(each, now));
  if (other) throw stopAt_('blocks_overlap', WORDS.writer.blocks_overlap, tab, other);
  const merged = area.getMergedRanges()[0];
  if (merged) throw stopAt_('merged', WORDS.writer.merged, tab, rect_(merged));
  mustBeOpen_(tab, union);
}

/** @param {!Tab} tab @param {!Rect} area Stops where cells of it are protected from this person. */
function mustBeOpen_(tab, area) {
  const closed = protected_(tab, area)[0];
  if (closed) throw stopAt_('protected', WORDS.writer.protected, tab, closed);
}

/**
 * @param {!Tab} tab @param {!Rect} area
 * @return {!Array<!Rect>} Protections that keep this person from editing all of it.
 */
function protected_(tab, area) {
  const types = SpreadsheetApp.ProtectionType;
  const shut = (/** @type {*} */ each) => !each.isWarningOnly() && !each.canEdit();
  const ranges = tab.getProtections(types.RANGE).filter(shut);
  const tabs = tab.getProtections(types.SHEET).filter(shut).filter((each) =>
    !each.getUnprotectedRanges().some((/** @type {*} */ open) => isIn_(area, rect_(open))));
  return [...ranges, ...tabs].map((each) => rect_(each.getRange())).filter((each) => meets_(each, area));
}

/** @param {!Rect} one @param {!Rect} other @return {boolean} Whether all of the first is in the second. */
function isIn_(one, other) {
  return other.row <= one.row && one.row + one.rows <= other.row + other.rows &&
    other.column <= one.column && one.column + one.columns <= other.column + other.columns;
}

/**
 * By how many rows what is below must go down; stops where that would tear it.
 * @param {GoogleAppsScript.Spreadsheet.Range} area @param {!Rect} union
 * @param {!Array<!Rect>} others
 * @return {number}
 */
function shiftOf_(area, union, others) {
  const [tab, now] = [area.getSheet(), rect_(area)];
  const rows = union.rows - now.rows;
  const below = {row: now.row + now.rows, column: now.column, rows: rows, columns: union.columns};
  const rest = Object.assign({}, below, {rows: tab.getMaxRows() - below.row + 1});
  if (rows <= 0 || rest.rows <= 0) return 0;
  const objects = [...mergedIn_(tab, rest), ...others];
  if (!objects.some((each) => meets_(each, below)) && !firstFilled_(tab, below)) return 0;
  const torn = objects.find((each) => meets_(each, rest) && !(
    each.row >= rest.row && each.column >= rest.column &&
    each.column + each.columns <= rest.column + rest.columns));
  const stuck = torn || protected_(tab, rest)[0] || tornRow_(tab, rest);
  if (stuck) throw stopAt_('no_room', WORDS.writer.no_room_below, tab, stuck);
  return rows;
}

/** @param {!Tab} tab @param {!Rect} rest @return {?Rect} A row of cells that reaches out of it. */
function tornRow_(tab, rest) {
  const end = rest.column + rest.columns;
  const pairs = [[end - 1, end], [rest.column - 1, rest.column]];
  const rows = tab.getLastRow() - rest.row + 1;
  for (const [one, other] of rows > 0 ? pairs : []) {
    if (one < 1 || other > tab.getMaxColumns()) continue;
    const lines = filled_(tab.getRange(rest.row, one, rows, 2));
    const at = lines.findIndex((line) => line.every(Boolean));
    if (at >= 0) return {row: rest.row + at, column: one, rows: 1, columns: 1};
  }
  return null;
}

/** @param {!Tab} tab @param {!Rect} area @return {!Array<!Rect>} As far as the tab reaches. */
function mergedIn_(tab, area) {
  const rows = Math.min(area.rows, tab.getMaxRows() - area.row + 1);
  const columns = Math.min(area.columns, tab.getMaxColumns() - area.column + 1);
  if (rows <= 0 || columns <= 0) return [];
  return tab.getRange(area.row, area.column, rows, columns).getMergedRanges().map(rect_);
}

/** @param {!Tab} tab @param {!Rect} area @return {?Rect} Its first cell that holds something. */
function firstFilled_(tab, area) {
  const rows = Math.min(area.rows, tab.getLastRow() - area.row + 1);
  const columns = Math.min(area.columns, tab.getLastColumn() - area.column + 1);
  if (rows <= 0 || columns <= 0) return null;
  const lines = filled_(tab.getRange(area.row, area.column, rows, columns));
  const row = lines.findIndex((line) => line.some(Boolean));
  if (row < 0) return null;
  return {row: area.row + row, column: area.column + lines[row].indexOf(true), rows: 1, columns: 1};
}

/** @param {GoogleAppsScript.Spreadsheet.Range} range @return {!Array<!Array<boolean>>} */
function filled_(range) {
  const formulas = range.getFormulas();
  return range.getValues().map((row, i) =>
    row.map((value, j) => value !== '' || formulas[i][j] !== ''));
}

/** @param {GoogleAppsScript.Spreadsheet.Range} range @return {!Rect} */
function rect_(range) {
  return {
    row: range.getRow(), column: range.getColumn(),
    rows: range.getNumRows(), columns: range.getNumColumns(),
  };
}

/** @param {!Rect} one @param {!Rect} other @return {boolean} Whether they share a cell. */
function meets_(one, other) {
  return one.row < other.row + other.rows && other.row < one.row + one.rows &&
    one.column < other.column + other.columns && other.column < one.column + one.columns;
}

/**
 * @param {string} code @param {string} sentence With {cell}. @param {!Tab} tab @param {!Rect} at
 * @return {!Error}
 */
function stopAt_(code, sentence, tab, at) {
  const cell = cellName_(tab, at);
  return stop_(code, say_(sentence, {cell}), cell);
}

/** @param {!Tab} tab @param {!Rect} at @return {string} For the person: 'My tab'!C7. */
function cellName_(tab, at) {
  const range = tab.getRange(at.row, at.column, at.rows, at.columns);
  return "'" + tab.getName().replace(/'/g, "''") + "'!" + range.getA1Notation();
}
