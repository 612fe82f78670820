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
 * Stops where what leaves, or where new rows are going to stand, is protected.
 * @param {!Writer} writer @param {number} header @param {!Plan} plan
 */
function rowsAreOpen_(writer, header, plan) {
  const area = block_(writer);
  const [tab, now] = [area.getSheet(), rect_(area)];
  const [end, wide] = [now.row + now.rows, tab.getMaxColumns()];
  for (const [first, count] of runs_(plan.removed)) {
    mustBeOpen_(tab, {row: now.row + header + first, column: 1, rows: count, columns: wide});
  }
  if (!plan.fresh) return;
  if (!isTaken_(tab, end, plan.fresh, otherBlocks_(writer, tab))) {
    mustBeOpen_(tab, {row: end, column: now.column, rows: plan.fresh, columns: now.columns});
    return;
  }
  // New rows come between these two.
  const closed = protected_(tab, {row: end - 1, column: 1, rows: 2, columns: wide})
      .find((each) => each.row < end && end < each.row + each.rows);
  if (closed) throw stopAt_('protected', WORDS.writer.protected, tab, closed);
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

/** @param {!Writer} writer @param {*} op `insert_rows` or `insert_columns`. */
function insertLines_(writer, op) {
  const area = block_(writer);
  const [tab, now, rows] = [area.getSheet(), rect_(area), op.op === 'insert_rows'];
  const more = op.places.reduce((/** @type {number} */ sum, /** @type {!Array<number>} */ each) => sum + each[1], 0);
  const after = rows ? op.rows : op.columns;
  if (!isDue_(writer, area, after, after - more, rows ? now.rows : ours_(writer, now))) {
    if (!rows) op.places.slice().reverse().forEach((/** @type {!Array<number>} */ [at, count]) => widerNames_(writer.lay, at, count));
    return;
  }
  mayComeOrGo_(writer, area, op, op.places);
  for (const [at, count] of op.places.slice().reverse()) {
    if (rows) {
      tab.insertRowsAfter(now.row + at - 1, count);
    } else {
      const start = now.column + layOf_(writer.lay, Math.max(ours_(writer, now), at + 1))[at];
      widened_(writer.lay, ours_(writer, now), at, count);
      if (start > 1) tab.insertColumnsAfter(start - 1, count);
      else tab.insertColumnsBefore(start, count);
    }
  }
  const [high, wide] = [now.rows + (rows ? more : 0), now.columns + (rows ? 0 : more)];
  writer.book.setNamedRange(writer.block, tab.getRange(now.row, now.column, high, wide));
}

/** @param {!Writer} writer @param {*} op `delete_rows` or `delete_columns`. */
function deleteLines_(writer, op) {
  const area = block_(writer);
  const [tab, now, rows] = [area.getSheet(), rect_(area), op.op === 'delete_rows'];
  /** @type {!Array<!Array<number>>} */
  let places = op.places;
  const less = places.reduce((sum, each) => sum + each[1], 0);
  const after = rows ? op.rows : op.columns;
  if (!isDue_(writer, area, after, after + less, rows ? now.rows : ours_(writer, now))) {
    if (!rows) {
      surplus_(writer.lay, after);
      fewerNames_(writer.lay, indices_(places));
    }
    return;
  }
  mayComeOrGo_(writer, area, op, places);
  if (!rows) {
    const columns = layOf_(writer.lay, ours_(writer, now));
    const gone = indices_(places);
    places = strips_(columns, places);
    narrowed_(writer.lay, columns, gone);
  }
  for (const [at, count] of places.slice().reverse()) {
    if (rows) tab.deleteRows(now.row + at, count);
    else tab.deleteColumns(now.column + at, count);
  }
  const [high, wide] = [now.rows - (rows ? less : 0), now.columns - (rows ? 0 : less)];
  writer.book.setNamedRange(writer.block, tab.getRange(now.row, now.column, high, wide));
}

/**
 * Stops where one of the step's operations would: before anything is signed, so that the block is
 * still known by the digest of its last run.
 * @param {!Writer} writer
 */
function checkLines_(writer) {
  if (!writer.lines.length) return;
  const area = block_(writer);
  const now = rect_(area);
  const sizes = {rows: now.rows, columns: ours_(writer, now)};
  for (const op of writer.lines) {
    const axis = op.op.endsWith('_rows') ? 'rows' : 'columns';
    /** @type {!Array<!Array<number>>} */
    const places = op.places;
    const change = places.reduce((sum, each) => sum + each[1], 0) * (op.op.startsWith('delete') ? -1 : 1);
    const after = op[axis];
    if (!isDue_(writer, area, after, after - change, sizes[axis])) continue;
    mayComeOrGo_(writer, area, op, places);
    sizes[axis] = after;
  }
}

/**
 * Stops where those rows or columns must not come, or go.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} area @param {*} op
 * @param {!Array<!Array<number>>} places
 */
function mayComeOrGo_(writer, area, op, places) {
  const [tab, now, rows] = [area.getSheet(), rect_(area), op.op.endsWith('_rows')];
  alone_(writer, area, rows);
  if (op.op.startsWith('insert')) {
    const more = places.reduce((sum, each) => sum + each[1], 0);
    checkCells_(writer, more * (rows ? tab.getMaxColumns() : tab.getMaxRows()));
  } else {
    const columns = layOf_(writer.lay, ours_(writer, now));
    nothingBeside_(tab, now, rows ? places : strips_(columns, places), rows, columns);
  }
}

/** @param {!Array<!Array<number>>} places @return {!Array<number>} */
function indices_(places) {
  return places.flatMap(([at, count]) => Array.from({length: count}, (_, i) => at + i));
}

/**
 * @param {!Array<number>} columns Ours. @param {!Array<!Array<number>>} places Of them.
 * @return {!Array<!Array<number>>} The same, counted in the block.
 */
function strips_(columns, places) {
  return runs_(indices_(places).map((i) => columns[i]).sort((a, b) => a - b));
}

/** @param {!Writer} writer @param {*} op Whole rows of the tab; nothing where it has a filter. */
function sortRows_(writer, op) {
  const area = block_(writer);
  const tab = area.getSheet();
  const high = area.getNumRows() - op.header_rows;
  if (tab.getFilter() || high < 2) return;
  alone_(writer, area, true);
  const place = tab.getRange(area.getRow() + op.header_rows, 1, high, tab.getMaxColumns());
  const merged = place.getMergedRanges()[0];
  if (merged) throw stopAt_('merged', WORDS.writer.merged_sort, tab, rect_(merged));
  place.sort(op.by.map((/** @type {*} */ by) => ({
    column: area.getColumn() + layOf_(writer.lay, by.column + 1)[by.column],
    ascending: !by.descending,
  })));
}

/** @param {!Writer} writer @param {!Rect} now @return {number} How many columns are ours now. */
function ours_(writer, now) {
  return writer.lay.places.length || now.columns;
}

/**
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} area @param {number} after
 * @param {number} before @param {number} now How many rows, or columns of ours.
 * @return {boolean} False where it was done already, by this run or by one that was killed.
 */
function isDue_(writer, area, after, before, now) {
  const done = Boolean(writer.old && writer.old.receipt && writer.old.receipt.state === 'done');
  if (done && now !== before && now !== after) {
    throw stopAt_('differs_size', WORDS.writer.old.differs_size, area.getSheet(), rect_(area));
  }
  return now === before;
}

/**
 * Stops where another block would be torn, or what is taken whole, with what stands beside the
 * block, cannot be changed.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} area @param {boolean} rows
 */
function alone_(writer, area, rows) {
  const [tab, now] = [area.getSheet(), rect_(area)];
  const others = otherBlocks_(writer, tab);
  const line = rows
    ? {row: now.row, column: 1, rows: now.rows, columns: tab.getMaxColumns()}
    : {row: 1, column: now.column, rows: tab.getMaxRows(), columns: now.columns};
  mustBeOurs_(area, line, others);
  const other = others.find((each) => meets_(each, line));
  if (other) throw stopAt_('rows_shared', WORDS.writer.rows_shared, tab, other);
}

/**
 * What a run that died while it deleted has left over is blanked at the commit.
 * @param {!Lay} lay @param {number} columns That we need.
 */
function surplus_(lay, columns) {
  lay.stale = lay.places.slice(columns).concat(lay.stale);
  lay.places = lay.places.slice(0, columns);
}

/**
 * So many new columns of ours before the one at `at`.
 * @param {!Lay} lay @param {number} ours @param {number} at @param {number} count
 */
function widened_(lay, ours, at, count) {
  const places = layOf_(lay, Math.max(ours, at + 1));
  const start = places[at];
  const moved = (/** @type {number} */ place) => (place >= start ? place + count : place);
  const fresh = Array.from({length: count}, (_, i) => start + i);
  const old = places.slice(0, ours).map(moved);
  lay.places = [...old.slice(0, at), ...fresh, ...old.slice(at)];
  lay.stale = lay.stale.map(moved);
  lay.was = new Map([...lay.was].map(([key, place]) => [key, moved(place)]));
  widerNames_(lay, at, count);
}

/** @param {!Lay} lay @param {!Array<number>} ours @param {!Array<number>} gone Indices of them. */
function narrowed_(lay, ours, gone) {
  const holes = gone.map((i) => ours[i]);
  const moved = (/** @type {number} */ place) => place - holes.filter((hole) => hole < place).length;
  lay.places = ours.filter((_, i) => !gone.includes(i)).map(moved);
  lay.stale = lay.stale.map(moved);
  const was = [...lay.was].filter(([, place]) => !holes.includes(place));
  lay.was = new Map(was.map(([key, place]) => [key, moved(place)]));
  fewerNames_(lay, gone);
}

/**
 * People's titles are kept by the columns that a step begins with, also where the room was made
 * before the last run was killed.
 * @param {!Lay} lay @param {number} at @param {number} count
 */
function widerNames_(lay, at, count) {
  renumbered_(lay, (i) => (i >= at ? i + count : i));
}

/** @param {!Lay} lay @param {!Array<number>} gone */
function fewerNames_(lay, gone) {
  renumbered_(lay, (i) => (gone.includes(i) ? null : i - gone.filter((hole) => hole < i).length));
}

/**
 * A person's title, and the mark by which the next run knows it, go with their column.
 * @param {!Lay} lay @param {function(number): ?number} to
 */
function renumbered_(lay, to) {
  /** @type {function(!Map<number, *>): !Map<number, *>} */
  const moved = (of) => new Map([...of].flatMap(([i, each]) => {
    const at = to(i);
    return at === null ? [] : [[at, each]];
  }));
  lay.renamed = moved(lay.renamed);
  lay.given = moved(lay.given);
}
