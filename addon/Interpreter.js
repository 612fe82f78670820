/**
 * @fileoverview Applies operations to this spreadsheet: docs/operations.md, which binds this file
 * and the backend's writer alike. Knows no invoice and no report.
 */

const LOCK_MS = 30000;

/**
 * @typedef {GoogleAppsScript.Spreadsheet.Sheet} Tab
 * @typedef {{book: GoogleAppsScript.Spreadsheet.Spreadsheet, block: string,
 *   odd: !Array<!Array<number>>, lay: !Lay, old: ?Old, plan: ?Plan, replaced: ?Replaced, digest: *,
 *   receipts: !Array<*>, lines: !Array<*>, right: ?Array<number>, fence: ?number, formulas: !Array<!OurFormulas>}} Writer `odd`: [row, column]
 *   of texts that `expect` met outside text columns of the stage; `lay`: which of the block's columns
 *   are ours; `old`, `plan` and `digest`: of a patch, before, meant and read back; `replaced` what a replacement did; `lines` are the step's
 *   operations on rows and columns that come and go, `right` the columns whose titles it sets; `receipts` and `formulas` that it leaves; `fence`
 *   counts the export's runs.
 * @typedef {{kind: string, pattern: string}} SheetColumn
 * @typedef {{rows: number, distinct: ?number, sums: !Array<string>, digest: boolean,
 *   news?: !Array<!Array<string>>, by_currency?: !Array<!Object<string, string>>}} Seen
 * @typedef {{applied: boolean, seen?: ?Seen, op?: number, why?: string, code?: string,
 *   cell?: string}} Applied
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
    const receipts = operations.filter((each) => each.op === 'receipt');
    const lines = operations.filter((each) => /^(insert|delete)_(rows|columns)$/.test(each.op));
    const {right = null} = operations.find((each) => each.right) || {};
    const {fence} = operations.find((each) => each.fence !== undefined) || {fence: null};
    const formulas = ourFormulas_(operations);
    const writer = {
      book, block, odd: [], lay: newLay_(), old: null, plan: null, replaced: null, digest: null, receipts, lines, right, fence, formulas,
    };
    const before = written_(writer, operations);
    const left = before ? before.left : operations;
    let seen = before ? before.seen : null;
    for (; at < left.length; at++) seen = apply_(writer, left[at]) || seen;
    SpreadsheetApp.flush();
    return Object.assign({applied: true, seen: seen}, before && before.code ? {code: before.code} : {});
  } catch (error) {
    const {code, message, cell} = /** @type {*} */ (error);
    const op = Math.min(at, operations.length - 1); // A failing flush is the last one's.
    const why = code ? message : WORDS.writer.refused;
    const where = code && cell ? {cell: cell} : {};
    return Object.assign({applied: false, op: op, code: code || 'refused', why: why}, where);
  } finally {
    release_(lock);
  }
}

/** @param {GoogleAppsScript.Lock.Lock} lock It goes only when all writes have landed, or failed. */
function release_(lock) {
  try {
    SpreadsheetApp.flush();
  } catch (_) {
    // Where nothing had failed yet there was nothing left to flush: this failure is told already.
  } finally {
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
    case 'ensure_grid': room_(writer, op); break;
    case 'stage': stage_(writer, op); break;
    case 'expect':
      if (op.on === 'patched') return expectPatched_(writer, op);
      return op.on === 'old' ? (expectOld_(writer, op), null) : expect_(writer, op);
    case 'patch': patch_(writer, op); break;
    case 'insert_rows': case 'insert_columns': insertLines_(writer, op); break;
    case 'delete_rows': case 'delete_columns': deleteLines_(writer, op); break;
    case 'sort': sortRows_(writer, op); break;
    case 'formula': setFormulas_(writer, op); break;
    case 'chart': chart_(writer, op); break;
    case 'commit':
      if (op.patched) commitPatch_(writer);
      else commit_(writer, op);
      break;
    case 'name_block': {
      const wide = width_(writer.lay, op.columns);
      writer.book.setNamedRange(writer.block, at_(block_(writer), 0, 0, op.rows, wide));
      break;
    }
    case 'format': format_(writer, op); break;
    case 'note': {
      const column = layOf_(writer.lay, op.column + 1)[op.column];
      at_(block_(writer), op.row, column, 1, 1).setNote(op.text);
      break;
    }
    case 'receipt': receipt_(writer, op); break;
    case 'append_log': appendLog_(writer, op); break;
    case 'copy_values':
      if (op.leaving) copyLeaving_(writer, op.title);
      else copyValues_(writer, op);
      break;
    case 'padlock': padlock_(writer, op.locked, op.frozen || []); break;
    case 'drop_stage': {
      const tab = stageOf_(writer, op.run);
      if (tab) writer.book.deleteSheet(tab);
      break;
    }
    default: throw stop_('unknown_operation', WORDS.writer.unknown);
  }
  return null;
}

/**
 * @param {string} code For the backend's log. @param {string} why For the person.
 * @param {string=} cell Where the trouble is.
 */
function stop_(code, why, cell) {
  return Object.assign(new Error(why), {code: code, cell: cell});
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
  const {book, block} = writer;
  const named = book.getRangeByName(block);
  // Born under the block's own name: of a run that dies in here, the next one finds it.
  let tab = named ? named.getSheet() : book.getSheetByName(block);
  if (named && tab && tab.getName() !== block) return;
  const taken = new Set(book.getSheets().map((each) => each.getName().toLowerCase()));
  let free = title;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = title + ' ' + n;
  if (!tab) tab = book.insertSheet(block, book.getNumSheets());
  if (!named) book.setNamedRange(block, tab.getRange(1, 1));
  tab.setName(free);
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
  // Of this step as it came before, with more rows: parts come in their order.
  const surplus = tab.getLastRow() - op.row - op.rows.length;
  if (surplus > 0) at_(corner, op.row + op.rows.length, 0, surplus, tab.getLastColumn()).clearContent();
}
