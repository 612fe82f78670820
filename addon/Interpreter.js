/**
 * @fileoverview Applies operations to this spreadsheet: docs/operations.md, which binds this file
 * and the backend's writer alike. Knows no invoice and no report.
 */

const LOCK_MS = 30000;
const CELLS_PER_BOOK = 10000000;
const INDENT = '    ';

/**
 * @typedef {GoogleAppsScript.Spreadsheet.Sheet} Tab
 * @typedef {{book: GoogleAppsScript.Spreadsheet.Spreadsheet, block: string,
 *   odd: !Array<!Array<number>>}} Writer `odd`: [row, column] of texts that `expect` met outside
 *   text columns of the stage.
 * @typedef {{kind: string, pattern: string}} SheetColumn
 * @typedef {{rows: number, distinct: ?number, sums: !Array<string>, digest: boolean}} Seen
 * @typedef {{applied: boolean, seen?: ?Seen, op?: number, why?: string, code?: string}} Applied
 */

/**
 * Applies a step's operations in order, alone in this document, and stops at the first that fails.
 *
 * @param {!Array<*>} operations
 * @param {string} block The named range that they are about.
 * @return {!Applied}
 */
function applyOperations_(operations, block) {
  const lock = LockService.getDocumentLock();
  if (!lock.tryLock(LOCK_MS)) {
    return {applied: false, op: 0, code: 'sheet_busy', why: WORDS.trouble.sheet_busy};
  }
  let at = 0;
  try {
    const book = SpreadsheetApp.getActiveSpreadsheet();
    const writer = {book: book, block: block, odd: []};
    let seen = null;
    for (; at < operations.length; at++) seen = apply_(writer, operations[at]) || seen;
    SpreadsheetApp.flush();
    return {applied: true, seen: seen};
  } catch (error) {
    const {code, message} = /** @type {*} */ (error);
    const op = Math.min(at, operations.length - 1); // A failing flush is the last one's.
    const why = code ? message : WORDS.writer.refused;
    return {applied: false, op: op, code: code || 'refused', why: why};
  } finally {
    SpreadsheetApp.flush(); // The lock goes only when all writes have landed.
    lock.releaseLock();
  }
}

/**
 * @param {!Writer} writer
 * @param {*} op
 * @return {?Seen} What an `expect` saw.
 */
function apply_(writer, op) {
  switch (op.op) {
    case 'ensure_tab': ensureTab_(writer, op.title); break;
    case 'ensure_grid': grow_(writer, block_(writer), op.rows, op.columns); break;
    case 'stage': stage_(writer, op); break;
    case 'expect': return expect_(writer, op);
    case 'commit': commit_(writer, op); break;
    case 'name_block':
      writer.book.setNamedRange(writer.block, at_(block_(writer), 0, 0, op.rows, op.columns));
      break;
    case 'format': format_(writer, op); break;
    case 'note': at_(block_(writer), op.row, op.column, 1, 1).setNote(op.text); break;
    case 'receipt': receipt_(writer, op); break;
    case 'drop_stage': {
      const tab = stageOf_(writer, op.run);
      if (tab) writer.book.deleteSheet(tab);
      break;
    }
    default: throw stop_('unknown_operation', WORDS.writer.unknown);
  }
  return null;
}

/** @param {string} code For the backend's log. @param {string} why For the person. */
function stop_(code, why) {
  return Object.assign(new Error(why), {code: code});
}

/** @param {!Writer} writer @return {GoogleAppsScript.Spreadsheet.Range} */
function block_(writer) {
  const range = writer.book.getRangeByName(writer.block);
  if (!range) throw stop_('block_gone', WORDS.writer.block_gone);
  return range;
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} range Rows and columns count from its top left cell.
 * @param {number} row @param {number} column @param {number} rows @param {number} columns
 * @return {GoogleAppsScript.Spreadsheet.Range}
 */
function at_(range, row, column, rows, columns) {
  return range.getSheet().getRange(range.getRow() + row, range.getColumn() + column, rows, columns);
}

/** @param {!Writer} writer @param {string} title The A1 of a new tab gets the block's name. */
function ensureTab_(writer, title) {
  if (writer.book.getRangeByName(writer.block)) return;
  const taken = new Set(writer.book.getSheets().map((tab) => tab.getName().toLowerCase()));
  let free = title;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = title + ' ' + n;
  const tab = writer.book.insertSheet(free, writer.book.getNumSheets());
  writer.book.setNamedRange(writer.block, tab.getRange(1, 1));
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
  const cells = writer.book.getSheets().map((each) => each.getMaxRows() * each.getMaxColumns());
  const now = cells.reduce((sum, each) => sum + each, 0);
  if (now + (high + more) * (wide + wider) - high * wide > CELLS_PER_BOOK) {
    throw stop_('spreadsheet_full', WORDS.writer.full);
  }
  // What Apps Script inserts takes over the number formats beside it.
  if (more) tab.insertRowsAfter(high, more);
  if (more) tab.getRange(high + 1, 1, more, wide).setNumberFormat('General');
  if (wider) tab.insertColumnsAfter(wide, wider);
  if (wider) tab.getRange(1, wide + 1, high + more, wider).setNumberFormat('General');
}

/** @param {!Writer} writer @param {string} run @return {?Tab} */
function stageOf_(writer, run) {
  return writer.book.getSheetByName('CF stage ' + run);
}

/** @param {!Writer} writer @param {*} op */
function stage_(writer, op) {
  let tab = stageOf_(writer, op.run);
  if (!tab) {
    const shown = writer.book.getActiveSheet();
    tab = writer.book.insertSheet('CF stage ' + op.run, writer.book.getNumSheets()).hideSheet();
    writer.book.setActiveSheet(shown);
  }
  const corner = tab.getRange(1, 1);
  grow_(writer, corner, op.row + op.rows.length, op.columns.length);
  const header = Math.max(0, Math.min(op.rows.length, op.header_rows - op.row));
  const range = at_(corner, op.row, 0, op.rows.length, op.columns.length);
  writeCells_(range, op.rows, op.columns, header);
}

/**
 * The one place where values enter cells: text can be nothing but text.
 * @param {GoogleAppsScript.Spreadsheet.Range} range May be larger than `rows`: the rest is blanked.
 * @param {!Array<!Array<*>>} rows @param {!Array<!SheetColumn>} columns
 * @param {number} header How many of the first rows are text whatever their column.
 */
function writeCells_(range, rows, columns, header) {
  const odd = oddCells_(rows, columns, header);
  setPatterns_(range, rows.length, columns, header, odd);
  const text = (/** @type {*} */ cell) => (/^[=']/.test(cell) ? "'" + cell : cell);
  const blank = new Array(range.getNumColumns()).fill('');
  const values = new Array(range.getNumRows()).fill(blank);
  rows.forEach((row, i) => (values[i] = row.map(text).concat(blank.slice(row.length))));
  range.setValues(values);
}

/**
 * Number formats before values, so that nothing is parsed.
 * @param {GoogleAppsScript.Spreadsheet.Range} range @param {number} rows
 * @param {!Array<!SheetColumn>} columns @param {number} header
 * @param {!Array<!Array<number>>} odd [row, column] of texts outside text columns.
 */
function setPatterns_(range, rows, columns, header, odd) {
  if (header) at_(range, 0, 0, header, columns.length).setNumberFormat('@');
  const patterns = columns.map(({kind, pattern}) => (kind === 'text' ? '@' : pattern));
  for (let from = 0, to = 0; rows > header && from < columns.length; from = to) {
    while (to < columns.length && patterns[to] === patterns[from]) to++;
    at_(range, header, from, rows - header, to - from).setNumberFormat(patterns[from]);
  }
  const cells = odd.map(([row, column]) => at_(range, row, column, 1, 1).getA1Notation());
  if (cells.length) range.getSheet().getRangeList(cells).setNumberFormat('@');
}

/**
 * @param {!Array<!Array<*>>} rows @param {!Array<{kind: string}>} columns @param {number} header
 * @return {!Array<!Array<number>>}
 */
function oddCells_(rows, columns, header) {
  /** @type {!Array<!Array<number>>} */
  const odd = [];
  columns.forEach((column, j) => {
    for (let i = header; column.kind !== 'text' && i < rows.length; i++) {
      if (typeof rows[i][j] === 'string' && rows[i][j] !== '') odd.push([i, j]);
    }
  });
  return odd;
}

/** @param {!Writer} writer @param {*} op Over the union of the old and the new rectangle. */
function commit_(writer, op) {
  const old = block_(writer);
  const rows = op.run ? op.stage_rows : op.rows.length;
  const high = Math.max(rows, old.getNumRows());
  const wide = Math.max(op.columns.length, old.getNumColumns());
  const union = at_(old, 0, 0, high, wide);
  if (!op.run) return writeCells_(union, op.rows, op.columns, op.header_rows);
  const tab = stageOf_(writer, op.run);
  if (!tab) throw stop_('no_stage', WORDS.writer.no_stage);
  grow_(writer, tab.getRange(1, 1), high, wide);
  setPatterns_(union, rows, op.columns, op.header_rows, writer.odd);
  const values = SpreadsheetApp.CopyPasteType.PASTE_VALUES;
  tab.getRange(1, 1, high, wide).copyTo(union, values, false);
}

/** @param {!Writer} writer @param {*} op Looks only. */
function format_(writer, op) {
  const block = block_(writer);
  const [tab, wide] = [block.getSheet(), block.getNumColumns()];
  at_(block, op.header_row, 0, 1, wide).setFontWeight('bold');
  if (op.freeze) tab.setFrozenRows(block.getRow() - 1 + op.freeze);
  const plain = op.rows.length ? block.getNumRows() - op.header_row - 1 : 0;
  if (plain > 0) at_(block, op.header_row + 1, 0, plain, wide).setFontWeight('normal');
  for (const look of op.rows) {
    if (look.bold) at_(block, look.row, 0, 1, wide).setFontWeight('bold');
    if (look.depth) at_(block, look.row, 0, 1, 1).setNumberFormat(INDENT.repeat(look.depth) + '@');
  }
  op.widths.forEach((/** @type {number} */ width, /** @type {number} */ column) =>
    tab.setColumnWidth(block.getColumn() + column, width));
}

/** @param {!Writer} writer @param {*} op */
function receipt_(writer, op) {
  const tab = block_(writer).getSheet();
  const key = 'counterfoil:' + writer.block;
  const text = JSON.stringify(Object.assign({}, op, {op: undefined}));
  const old = tab.getDeveloperMetadata().find((each) => each.getKey() === key);
  if (old) old.setValue(text);
  else tab.addDeveloperMetadata(key, text, SpreadsheetApp.DeveloperMetadataVisibility.DOCUMENT);
}
