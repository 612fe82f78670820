/**
 * @fileoverview Values and number formats into cells: the one place where text could become
 * something else, and the commit.
 */

/**
 * The one place where values enter cells: text can be nothing but text.
 * @param {GoogleAppsScript.Spreadsheet.Range} range May be larger than `rows`: the rest is blanked.
 * @param {!Array<!Array<*>>} rows @param {!Array<!SheetColumn>} columns
 * @param {number} header How many of the first rows are text whatever their column.
 */
function writeCells_(range, rows, columns, header) {
  const odd = oddCells_(rows, columns, header);
  setPatterns_(range, rows.length, columns, header, odd);
  const blank = new Array(range.getNumColumns()).fill('');
  const values = new Array(range.getNumRows()).fill(blank);
  rows.forEach((row, i) => (values[i] = row.map(asText_).concat(blank.slice(row.length))));
  range.setValues(values);
}

/** @param {*} cell @return {*} What `setValues` takes as this very value, in a cell that is text. */
function asText_(cell) {
  return /^[=']/.test(cell) ? "'" + cell : cell;
}

/**
 * Number formats before values, so that nothing is parsed.
 * @param {GoogleAppsScript.Spreadsheet.Range} range @param {number} rows
 * @param {!Array<!SheetColumn>} columns @param {number} header
 * @param {!Array<!Array<number>>} odd [row, column] of texts outside text columns.
 */
function setPatterns_(range, rows, columns, header, odd) {
  if (!columns.length) return;
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
  keepTurn_(writer);
  const stage = op.run ? stageOf_(writer, op.run) : null;
  if (op.run && !stage) throw stop_('no_stage', WORDS.writer.no_stage);
  const rows = stage ? visible_(writer, old, stage, op) : op.rows.slice();
  const header = op.header_rows;
  if (rows && header) {
    writer.lay.titles = rows[header - 1];
    rows[header - 1] = renamed_(writer, rows[header - 1]);
  }
  const high = rows ? rows.length : op.stage_rows;
  const tall = Math.max(high, old.getNumRows());
  const all = op.columns.length;
  for (const {first, at, width} of spans_(writer.lay, all, old.getNumColumns())) {
    const last = Math.max(first, Math.min(first + width, all));
    const columns = op.columns.slice(first, last);
    const union = at_(old, 0, at, tall, width);
    if (rows) {
      const part = rows.map((/** @type {!Array<*>} */ row) => row.slice(first, last));
      writeCells_(union, part, columns, header);
    } else if (stage) {
      const odd = writer.odd.filter(([, j]) => j >= first && j < last).map(([i, j]) => [i, j - first]);
      grow_(writer, stage.getRange(1, 1), tall, first + width);
      setPatterns_(union, high, columns, header, odd);
      const head = writer.lay.renamed.size ? header : 0;
      if (head) pasteHead_(writer, stage, at_(old, 0, at, head, width), first, columns);
      const values = SpreadsheetApp.CopyPasteType.PASTE_VALUES;
      const body = at_(union, head, 0, tall - head, width);
      stage.getRange(1 + head, first + 1, tall - head, width).copyTo(body, values, false);
    }
  }
}

/**
 * The header rows with a person's titles, as values: pasted first and renamed after it, they would be
 * lost where the run dies in between. Not into the stage: a step that comes again would take them for ours.
 * @param {!Writer} writer @param {!Tab} stage @param {GoogleAppsScript.Spreadsheet.Range} range
 * @param {number} first Of our columns. @param {!Array<!SheetColumn>} columns
 */
function pasteHead_(writer, stage, range, first, columns) {
  const head = range.getNumRows();
  if (!columns.length) return;
  const rows = stage.getRange(1, first + 1, head, columns.length).getValues();
  rows[head - 1] = rows[head - 1].map((title, i) =>
    (writer.lay.renamed.has(first + i) ? writer.lay.renamed.get(first + i) : title));
  writeCells_(range, rows, columns, head);
}

/**
 * Nobody says that a paste reaches the rows that a filter hides. Values do. And what is pasted must be
 * as tall as the old block: where the spreadsheet has no room for such a stage, values go as well.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} old @param {!Tab} stage
 * @param {*} op
 * @return {?Array<!Array<*>>} What the stage holds, where it cannot be pasted.
 */
function visible_(writer, old, stage, op) {
  const spans = spans_(writer.lay, op.columns.length, old.getNumColumns());
  const wide = Math.max(stage.getMaxColumns(), ...spans.map(({first, width}) => first + width));
  const high = Math.max(stage.getMaxRows(), op.stage_rows, old.getNumRows());
  const more = high * wide - stage.getMaxRows() * stage.getMaxColumns();
  if (!old.getSheet().getFilter() && more <= freeCells_(writer)) return null;
  const clock = clock_(writer);
  const range = stage.getRange(1, 1, op.stage_rows, op.columns.length);
  return range.getValues().map((row) =>
    row.map((cell, j) => plain_(cell, op.columns[j].kind, clock)));
}

/** @param {!Writer} writer @param {!Array<*>} titles @return {!Array<*>} A person's where given. */
function renamed_(writer, titles) {
  const {renamed} = writer.lay;
  return titles.map((title, i) => (renamed.has(i) ? renamed.get(i) : title));
}
