/**
 * @fileoverview `formula`: our own, from templates. No text from QuickBooks is ever part of one.
 * docs/operations.md ("Formulas"); the backend's half is adapters/sheet_formulas.py.
 */

/** @typedef {!Array<*>} OurFormulas [row, column of ours, columns, scale]. */

/**
 * Over the values that stand there, which they must come to.
 * @param {!Writer} writer @param {*} op
 */
function setFormulas_(writer, op) {
  const area = block_(writer);
  const before = area.getValues();
  const place = (/** @type {*} */ cell) => layOf_(writer.lay, cell.column + 1)[cell.column];
  for (const cell of op.cells) {
    const where = at_(area, cell.row, place(cell), 1, 1);
    // A cell for text would show the formula itself.
    if (cell.template === 'not_refreshed_since') where.setNumberFormat('General');
    where.setFormula(formulaText_(area, where, cell));
  }
  SpreadsheetApp.flush();
  const after = area.getValues();
  for (const cell of op.cells) {
    const [row, at, scale] = [cell.row, place(cell), cell.scale];
    if (scale === undefined || rounded_(before[row][at], scale) === rounded_(after[row][at], scale)) continue;
    const where = rect_(at_(area, row, at, 1, 1));
    throw stopAt_('formula_differs', WORDS.writer.formula_differs, area.getSheet(), where);
  }
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} area @param {GoogleAppsScript.Spreadsheet.Range} where
 * @param {*} cell
 * @return {string}
 */
function formulaText_(area, where, cell) {
  if (cell.template === 'not_refreshed_since') {
    return '=IF(NOW()>' + moment_(cell.due) + ',"Not refreshed since "&TEXT(' + moment_(cell.at) +
      ',"yyyy-mm-dd hh:mm"),"")';
  }
  if (cell.template !== 'sum') throw stop_('unknown_operation', WORDS.writer.unknown);
  const column = where.getA1Notation().replace(/\d+/g, '');
  const total = (/** @type {!Array<number>} */ part) => {
    const first = area.getRow() + part[0];
    return 'SUM(' + column + first + ':' + column + (first + part[1] - 1) + ')';
  };
  return '=' + cell.plus.map(total).join('+') +
    cell.minus.map((/** @type {!Array<number>} */ part) => '-' + total(part)).join('');
}

/** @param {!Array<number>} moment @return {string} In whole numbers: a point is a comma elsewhere. */
function moment_(moment) {
  return moment[0] + '+' + moment[1] + '/86400';
}

/**
 * @param {!Array<*>} operations Of a step.
 * @return {!Array<!OurFormulas>} Where they leave formulas: neighbours in one row as one, so that a
 *   receipt stays small.
 */
function ourFormulas_(operations) {
  /** @type {!Array<!OurFormulas>} */
  const made = [];
  for (const {row, column, scale = null} of operations.flatMap((op) => (op.op === 'formula' ? op.cells : []))) {
    const last = made[made.length - 1];
    if (last && last[0] === row && last[3] === scale && last[1] + last[2] === column) last[2]++;
    else made.push([row, column, 1, scale]);
  }
  return made;
}

/**
 * Blanks what said above the table that it is late: a patch writes no title, and compares it as blank.
 * @param {!Writer} writer
 */
function takeWarning_(writer) {
  const receipt = writer.old && writer.old.receipt;
  for (const [row, first, columns, scale] of (receipt && receipt.formulas) || []) {
    for (let column = first; scale === null && column < first + columns; column++) {
      at_(block_(writer), row, receipt.places ? receipt.places[column] : column, 1, 1).setValue('');
    }
  }
}

/**
 * After a change of its schedule a table says from when on it is late by the new one, or no more;
 * no run is waited for. What a person typed there stays, and so does what is being written.
 *
 * @param {*} answer Of `schedule`, `take` and `enable`. @return {*} The same.
 */
function saidLate_(answer) {
  if (answer.error || !answer.late) return answer;
  const lock = LockService.getDocumentLock();
  if (!lock.tryLock(LOCK_MS)) return answer; // A run is at it, and says so itself.
  try {
    sayLate_(answer.late);
  } catch (_) {
    // Somebody protects the cell: the schedule is changed all the same.
  } finally {
    release_(lock);
  }
  return answer;
}

/** @param {*} late {block, titled, cell} */
function sayLate_({block, titled, cell}) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const area = book.getRangeByName(block);
  const writer = /** @type {*} */ ({book, block});
  const receipt = area && receiptOf_(writer);
  const [item] = receipts_(writer);
  if (!receipt || receipt.state !== 'done' || homeOf_(item) !== area.getSheet().getSheetId()) return;
  const known = (receipt.formulas || []).find((/** @type {!OurFormulas} */ [, , , scale]) => scale === null);
  const [row, column] = known || [0, 1];
  const at = receipt.places ? receipt.places[column] : column;
  if (!(known || (titled && cell)) || at >= area.getNumColumns()) return;
  const where = at_(area, row, at, 1, 1);
  const text = where.getFormulas()[0][0];
  if (text ? !LIVE_WARNING.test(text) : where.getValues()[0][0] !== '') return;
  // The receipt first: of a formula that is not there the next run takes no notice.
  if (!known) item.setValue(JSON.stringify(Object.assign(receipt, {formulas: [[row, column, 1, null], ...(receipt.formulas || [])]})));
  if (cell) where.setNumberFormat('General').setFormula(formulaText_(area, where, cell));
  else if (text) where.setValues([['']]);
}

/** @param {*} value @param {number} scale @return {*} What a sum of floats is off by is gone. */
function rounded_(value, scale) {
  return typeof value === 'number' ? Number(value.toFixed(scale)) : value;
}

// As `formulaText_` makes a total, wherever rows that came and went have led it.
const LIVE_TOTAL = /^=-?SUM\((?:[A-Z]+\d+(?::[A-Z]+\d+)?|#REF!)\)(?:[+-]SUM\((?:[A-Z]+\d+(?::[A-Z]+\d+)?|#REF!)\))*$/i;

const LIVE_WARNING = /^=IF\(NOW\(\)>\d+\+\d+\/86400.{1,2}"Not refreshed since "&TEXT\(/;

/** @param {!Writer} writer @return {boolean} Whether totals in the block are, or become, formulas. */
function isLive_({old, formulas}) {
  const before = old && old.receipt;
  return formulas.length > 0 || Boolean(before && (before.live || before.formulas));
}

/**
 * Takes our own formulas out of what was read: the values that they stand for, or blanks.
 * @param {*} receipt Or null. @param {!Array<!Array<*>>} cells @param {!Array<!Array<string>>} formulas
 */
function withoutOurs_(receipt, cells, formulas) {
  for (const [row, first, columns, scale] of (receipt && receipt.formulas) || []) {
    for (let column = first; column < first + columns; column++) {
      const at = receipt.places ? receipt.places[column] : column;
      if (!formulas[row] || !formulas[row][at]) continue;
      cells[row][at] = scale === null ? '' : rounded_(cells[row][at], scale);
      formulas[row][at] = '';
    }
  }
  if (!receipt || receipt.state === 'done' || !receipt.live) return;
  // A run died while they were being written, or rows put in: where they are, only they tell.
  formulas.forEach((line) => line.forEach((text, j) => {
    if (LIVE_TOTAL.test(text) || LIVE_WARNING.test(text)) line[j] = '';
  }));
}
