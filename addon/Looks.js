/**
 * @fileoverview `format`: how a block looks, and what of that is a person's choice. docs/operations.md
 * ("Looks") binds this and the backend's adapters/sheet_looks.py.
 */

const INDENT = '    ';
/** More than that leaves too little of a small screen to scroll in. */
const MOST_FROZEN = 10;

/**
 * The header of a block near the top; never less than is frozen, and not again once a run was done:
 * from then on it is the person's choice.
 * @param {!Writer} writer @param {!Tab} tab @param {number} rows Of the tab.
 * @param {number} own Of the block.
 */
function freeze_(writer, tab, rows, own) {
  const receipt = writer.old && writer.old.receipt;
  const isTheirs = Boolean(receipt) && wasDone_(receipt);
  if (!own || isTheirs || rows > MOST_FROZEN || rows <= tab.getFrozenRows()) return;
  if (!tears_(tab, {row: rows, column: 1, rows: 1, columns: tab.getMaxColumns()})) tab.setFrozenRows(rows);
}

/**
 * Names at the left edge of the tab, where the person has no columns frozen.
 * @param {!GoogleAppsScript.Spreadsheet.Range} block @param {number} columns
 */
function freezeColumns_(block, columns) {
  const tab = block.getSheet();
  if (block.getColumn() > 1 || tab.getFrozenColumns() > 0) return;
  const edge = {row: 1, column: columns, rows: tab.getMaxRows(), columns: 1};
  if (!tears_(tab, edge)) tab.setFrozenColumns(columns);
}

/**
 * @param {!Tab} tab @param {!Rect} edge The last whole row or column that would be frozen.
 * @return {boolean} Whether a merged cell reaches over it: Google freezes no part of one.
 */
function tears_(tab, edge) {
  const [end, right] = [edge.row + edge.rows, edge.column + edge.columns];
  return mergedIn_(tab, edge).some((each) => each.row + each.rows > end || each.column + each.columns > right);
}

/** @param {!Writer} writer @param {*} op Looks only. */
function format_(writer, op) {
  const [block, lay] = [block_(writer), writer.lay];
  const tab = block.getSheet();
  const columns = shownColumns_(lay, block.getNumColumns());
  const bold = (/** @type {number} */ row, /** @type {number} */ rows, /** @type {boolean} */ on) =>
    spans_(lay, columns).forEach(({at, width}) =>
      at_(block, row, at, rows, width).setFontWeight(on ? 'bold' : 'normal'));
  bold(op.header_row, 1, true);
  if (op.right) standTitles_(writer, block, op, columns);
  freeze_(writer, tab, block.getRow() - 1 + op.freeze, op.freeze);
  const plain = op.rows.length ? block.getNumRows() - op.header_row - 1 : 0;
  if (plain > 0) bold(op.header_row + 1, plain, false);
  const first = layOf_(lay, 1)[0];
  for (const look of op.rows) {
    if (look.bold) bold(look.row, 1, true);
    const name = at_(block, look.row, first, 1, 1);
    if (look.depth) name.setNumberFormat(INDENT.repeat(look.depth) + '@');
  }
  op.widths.forEach((/** @type {number} */ width, /** @type {number} */ column) =>
    tab.setColumnWidth(block.getColumn() + layOf_(lay, column + 1)[column], width));
  if (op.freeze_columns) freezeColumns_(block, width_(lay, op.freeze_columns));
  (op.hide_columns || []).forEach((/** @type {number} */ column) =>
    tab.hideColumns(block.getColumn() + layOf_(lay, column + 1)[column]));
  (op.hide_rows || []).forEach((/** @type {number} */ row) => tab.hideRows(block.getRow() + row));
}

/**
 * Titles stand where their values do. Once: of a column that a run has left they are the person's.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} block @param {*} op `format`.
 * @param {number} columns Ours.
 */
function standTitles_(writer, block, op, columns) {
  const last = writer.receipts[writer.receipts.length - 1];
  const left = leftTitles_(writer, last ? last.keys : '', columns);
  const places = layOf_(writer.lay, columns);
  const set = (/** @type {boolean} */ isRight, /** @type {?('right')} */ alignment) => {
    const at = places.filter((_, i) => !left[i] && op.right.includes(i) === isRight).sort((a, b) => a - b);
    const cells = runs_(at).map(([first, wide]) => at_(block, op.header_row, first, 1, wide).getA1Notation());
    if (cells.length) block.getSheet().getRangeList(cells).setHorizontalAlignment(alignment);
  };
  set(true, 'right');
  if (writer.old) set(false, null); // Of a table that is new there is nothing to take back.
}

/**
 * @param {!Writer} writer @param {string} keys Of the columns. @param {number} columns Ours.
 * @return {!Array<boolean>} Of each, whether its title stays as it stands.
 */
function leftTitles_({old, lay, lines, right}, keys, columns) {
  const receipt = old && old.receipt;
  if (!receipt || !wasDone_(receipt)) return new Array(columns).fill(false);
  const unset = marked_(receipt.unset);
  const settled = new Set(cut_(receipt.keys, KEY_MARK).filter((_, i) => !unset.has(i)));
  // A column that is put in looks like the one before it.
  const put = putIn_(lines);
  const inherits = Boolean(receipt.to_come) || put.size > 0;
  const cut = cut_(keys, KEY_MARK);
  const isRight = (/** @type {number} */ i) => (right || []).includes(i);
  /** @type {!Array<boolean>} */
  const left = [];
  layOf_(lay, columns).forEach((place, i) => {
    const isLike = inherits && i > 0 && left[i - 1] && isRight(i) === isRight(i - 1);
    // After a kill in the middle of that nobody knows which columns stood there.
    const isKnown = lay.was.size ? settled.has(cut[i]) && lay.was.get(cut[i]) === place : !put.has(i);
    left.push(isLike || isKnown);
  });
  return left;
}

/**
 * @param {!Writer} writer @param {*} op `receipt`.
 * @return {string|undefined} Which of its columns' titles are still to be set, a bit for each, in hex.
 */
function unsetTitles_(writer, {keys, columns}) {
  const old = writer.old && writer.old.receipt;
  if (!writer.right || !old || !wasDone_(old)) return undefined;
  const bits = leftTitles_(writer, keys, columns).reduce((sum, is, i) =>
    (is ? sum : sum | (BigInt(1) << BigInt(i))), BigInt(0));
  return bits ? bits.toString(16) : undefined;
}

/** @param {!Array<*>} lines @return {!Set<number>} Which of our columns `insert_columns` puts in. */
function putIn_(lines) {
  const {places = []} = lines.find((each) => each.op === 'insert_columns') || {};
  let before = 0;
  return new Set(places.flatMap((/** @type {!Array<number>} */ [at, count]) => {
    before += count;
    return Array.from({length: count}, (_, i) => at + before - count + i);
  }));
}

/** @param {*} hex @return {!Set<number>} The bits that are 1; none of what no run of ours has left. */
function marked_(hex) {
  const bits = BigInt(/^[0-9a-f]{1,300}$/.test(hex) ? '0x' + hex : 0).toString(2).split('').reverse();
  return new Set(bits.flatMap((bit, i) => (bit === '1' ? [i] : [])));
}
