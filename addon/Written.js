/**
 * @fileoverview A run's last step that comes again, because nobody could say that it had been
 * applied: docs/operations.md ("A last step that comes again").
 */

/**
 * @typedef {{left: !Array<*>, seen: ?Seen, code: ?string}} Written `left` of the step's
 *   operations; `code` where QuickBooks has sent something else the second time.
 */

/**
 * @param {!Writer} writer
 * @param {!Array<*>} operations
 * @return {?Written} null where the block is not complete as of this very run.
 */
function written_(writer, operations) {
  const last = operations.find((op) => op.op === 'receipt' && op.state === 'done');
  if (!last || !writer.book.getRangeByName(writer.block)) return null;
  const receipt = receiptOf_(writer);
  if (!receipt || receipt.state !== 'done' || receipt.run !== last.run) return null;
  // A patch's receipt comes without a digest: that it was done is known, not with what.
  const same = Boolean(receipt.digest && last.digest) && receipt.digest.value === last.digest.value;
  const isStaged = operations.some((op) => op.stage_rows !== undefined);
  // What was sent along or is still staged can be written once more.
  if (!same && !(isStaged && !stageOf_(writer, last.run))) return null;
  const left = operations.filter((op) => op.op === 'drop_stage');
  if (!same) return {left, seen: null, code: 'written_before'};
  const again = seenAgain_(writer, operations, receipt);
  const after = again.code ? [] : afterIt_(writer, operations.slice(operations.indexOf(last) + 1), last, receipt);
  return Object.assign({left: left.concat(after)}, again);
}

/**
 * @param {!Writer} writer @param {!Array<*>} operations That come after the receipt. @param {*} last
 *   The receipt of the step. @param {*} receipt That stands there.
 * @return {!Array<*>} Charts, which are made once, and of the history what is not there.
 */
function afterIt_(writer, operations, last, receipt) {
  const copied = new Set();
  return operations.flatMap((op) => {
    if (op.op === 'append_log') {
      const rows = op.rows.map((/** @type {!Array<*>} */ row) =>
        row.map((cell) => (cell === last.at ? receipt.at : cell)));
      const below = rowsBelow_(writer, op.title, rows[rows.length - 1]);
      if (below) copied.add(op.title);
      return below === null ? [Object.assign({}, op, {rows})] : [];
    }
    return op.op === 'chart' || (op.op === 'copy_values' && !copied.has(op.title)) ? [op] : [];
  });
}

/**
 * @param {!Writer} writer @param {string} title @param {!Array<*>} row
 * @return {?number} How many rows stand below that one in the tab; null where it is not there.
 */
function rowsBelow_(writer, title, row) {
  const tab = writer.book.getSheetByName(title);
  const last = tab ? tab.getLastRow() : 0;
  if (!tab || !last) return null;
  const lines = tab.getRange(1, 1, last, tab.getLastColumn()).getValues();
  const found = lines.map((line) => row.every((cell, i) => line[i] === cell)).lastIndexOf(true);
  return found < 0 ? null : last - 1 - found;
}

/**
 * @param {!Writer} writer @param {!Array<*>} operations @param {*} receipt
 * @return {{seen: ?Seen, code: ?string}} What is in the block now; without a proof where somebody has
 *   changed it since.
 */
function seenAgain_(writer, operations, receipt) {
  const looks = (/** @type {string} */ on) => operations.find((op) => op.op === 'expect' && op.on === on);
  const [old, block] = [looks('old'), looks('block')];
  try {
    if (old) expectOld_(writer, Object.assign({}, old, {replace: false}));
    if (!block) return {seen: null, code: null};
    // Values that became formulas since are known by the digest, which has just been found right.
    return {seen: old && receipt.formulas ? asExpected_(block) : expect_(writer, block), code: null};
  } catch (error) {
    if (!String(/** @type {*} */ (error).code).startsWith('differs_')) throw error;
    return {seen: null, code: 'written_before'};
  }
}

/** @param {*} op An `expect` that was found right. @return {!Seen} */
function asExpected_(op) {
  return {
    rows: op.rows - op.header_rows,
    distinct: op.distinct ? op.distinct.count : null,
    sums: op.sums.map((/** @type {*} */ sum) => sum.sum),
    digest: true,
  };
}
