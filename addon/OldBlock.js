/**
 * @fileoverview The block as the last run left it: where our columns are now, and whether somebody
 * changed a cell. docs/operations.md ("The block before the run") binds this and the backend's
 * adapters/sheet_lay.py.
 */

/**
 * @typedef {{places: !Array<number>, stale: !Array<number>, renamed: !Map<number, *>,
 *   given: !Map<number, string>, known: !Array<string>, titles: !Array<*>, marks: ?Marks, was: !Map<string, number>,
 *   before: ?Extent, doubt: boolean}} Lay `was`: where each column of the last run is, by key; `before` the
 *   table that was there, for the receipt; `doubt` whether somebody may have typed into what a killed
 *   run left; `places` of our columns in the
 *   block, as far as they are known; `stale` ones are not needed any more; `renamed` titles of a
 *   person's, `given` their marks; `known` marks of titles that are ours; `titles` as we wrote them; `marks` of the
 *   block as it was read back.
 * @typedef {{first: number, at: number, width: number}} Span Neighbouring columns.
 * @typedef {{code: string, row: number, column: number, rows: number, columns: number}} Found
 */

/** @return {!Lay} */
function newLay_() {
  return {
    places: [], stale: [], renamed: new Map(), given: new Map(), known: [], titles: [], marks: null, was: new Map(),
    before: null, doubt: false,
  };
}

/** @param {!Lay} lay @param {number} columns @return {!Array<number>} */
function layOf_(lay, columns) {
  const free = Math.max(-1, ...lay.places, ...lay.stale) + 1;
  const more = Array.from({length: columns}, (_, i) => free + i);
  return [...lay.places, ...lay.stale, ...more].slice(0, columns);
}

/** @param {!Lay} lay @param {number} columns @return {number} From the first column to the last. */
function width_(lay, columns) {
  return Math.max(...layOf_(lay, columns)) + 1;
}

/** @param {!Lay} lay @param {number} width @return {number} How many of a block's columns are ours. */
function shownColumns_(lay, width) {
  return layOf_(lay, width).filter((at) => at < width && !lay.stale.includes(at)).length;
}

/**
 * @param {!Lay} lay @param {number} columns @param {number=} oldWidth
 * @return {!Array<!Span>} Of our columns, and with the block's old width of those to be blanked.
 */
function spans_(lay, columns, oldWidth = 0) {
  const places = layOf_(lay, columns);
  const more = Array.from({length: Math.max(0, oldWidth - columns)}, (_, i) => columns + i);
  const stale = oldWidth ? lay.stale.filter((at) => !places.includes(at)) : [];
  const left = lay.places.length ? stale : more;
  /** @type {!Array<!Span>} */
  const spans = [];
  [...places, ...left].forEach((at, i) => {
    const last = spans[spans.length - 1];
    if (last && last.at + last.width === at) last.width++;
    else spans.push({first: i, at: at, width: 1});
  });
  return spans;
}

/**
 * @param {!Writer} writer Learns where our columns are.
 * @param {*} op `expect` on "old". Stops where somebody changed something, unless `replace`.
 */
function expectOld_(writer, op) {
  const range = writer.book.getRangeByName(writer.block);
  if (!range) return;
  keepTurn_(writer);
  const clock = clock_(writer);
  // A day's first moment is its midnight, whatever the column: what is a date is not known here.
  const values = range.getValues();
  const cells = values.map((row) => row.map((cell) => plain_(cell, 'date', clock)));
  const receipt = receiptOf_(writer);
  const formulas = range.getFormulas();
  withoutOurs_(receipt, cells, formulas);
  const {lay, found} = oldBlock_(op, receipt, cells, formulas);
  writer.old = {values, receipt, keys: cut_(op.keys, KEY_MARK), titles: op.titles, replace: Boolean(op.replace), asLeft: !found};
  writer.lay = Object.assign(lay, {titles: writer.lay.titles}); // of a stage that was looked at
  if (lay.doubt && !found && op.log) keepDoubtful_(writer, op.log);
  if (!found || op.replace) return;
  const where = at_(range, found.row, found.column, found.rows, found.columns);
  const cell = cellName_(range.getSheet(), rect_(where));
  const words = /** @type {!Object<string, string>} */ (WORDS.writer.old);
  throw stop_(found.code, say_(words[found.code], {cell}), cell);
}

/**
 * @param {*} op @param {*} receipt Or null. @param {!Array<!Array<*>>} cells The whole block.
 * @param {!Array<!Array<string>>} formulas
 * @return {{lay: !Lay, found: ?Found}}
 */
function oldBlock_(op, receipt, cells, formulas) {
  const [key, lay, width] = [bytes_(op.key), newLay_(), cells[0].length];
  lay.known = op.titles.map((/** @type {*} */ title) => titleMark_(key, title));
  if (!receipt) return {lay: lay, found: unsigned_(cells, formulas)};
  const header = Math.max(1, receipt.rows - sentRows_(receipt.digest));
  const keys = keysThere_(op, receipt, width);
  const old = {op, receipt, cells, header, key, keys, kept: keptMarks_(receipt)};
  if (cells.length < header) {
    return {lay: lay, found: {code: 'differs_size', row: 0, column: 0, rows: cells.length, columns: width}};
  }
  lay.known = [...new Set(lay.known.concat(cut_(receipt.titles || '', MARK)))];
  if (receipt.state !== 'done') return {lay: lay, found: leftBlock_(lay, old, formulas)};
  const body = cells.slice(header, receipt.rows);
  /** @type {?Array<number>} */
  let now = receipt.places || [...keys.keys()];
  if (now && Math.max(...now) >= width) now = null;
  // Where there are no rows, their digest says nothing of where the columns are.
  const sure = body.length > 0 && now !== null && isAsSent_(old, pick_(body, now));
  if (old.kept && !sure) {
    const titles = cells[header - 1].map((title) => titleMark_(key, title));
    now = placesOf_(old.kept, titles, titles.map((_, j) => columnMark_(key, body, j)), titleMark_(key, ''));
  }
  if (!now) {
    const found = {code: 'differs_columns', row: header - 1, column: 0, rows: 1, columns: width};
    return {lay: lay, found: found};
  }
  layOver_(lay, old, now, []);
  nameTitles_(lay, old, now);
  lay.before = extent_(receipt, now);
  return {lay: lay, found: formula_(formulas, now) || changed_(old, now, sure)};
}

/**
 * @param {*} op @param {*} receipt @param {number} width
 * @return {!Array<string>} Of the columns that are there; a run that died while it made room may
 *   have got on with it.
 */
function keysThere_(op, receipt, width) {
  const asked = cut_(op.keys, KEY_MARK);
  const isMidway = receipt.state !== 'done' && receipt.to_come && !receipt.places;
  return isMidway && asked.length === width ? asked : cut_(receipt.keys, KEY_MARK);
}

/**
 * Lays the new columns over the old ones.
 * @param {!Lay} lay @param {*} old @param {!Array<number>} now
 * @param {!Array<number>} left Those that a run that was killed did not need any more.
 */
function layOver_(lay, {op, keys}, now, left) {
  const wanted = cut_(op.keys, KEY_MARK);
  // Not where a killed run has taken some of them out: which ones, nobody knows.
  if (now.length === keys.length) {
    lay.was = new Map(keys.map((/** @type {string} */ each, /** @type {number} */ i) => [each, now[i]]));
  }
  if (op.keys === keys.join('')) {
    lay.places = now.slice();
    lay.stale = left.slice();
  } else {
    const slots = now.concat(left).sort((a, b) => a - b);
    lay.places = slots.slice(0, wanted.length);
    lay.stale = slots.slice(wanted.length);
  }
}

/**
 * A title that a person gave goes with its key.
 * @param {!Lay} lay @param {*} old @param {!Array<number>} now
 */
function nameTitles_(lay, {op, cells, header, key, keys, kept}, now) {
  const wanted = cut_(op.keys, KEY_MARK);
  const ours = [...new Set(lay.known.concat(kept ? kept.titles : []))];
  keys.forEach((/** @type {string} */ old, /** @type {number} */ i) => {
    const title = cells[header - 1][now[i]];
    const seen = titleMark_(key, title);
    const isOurs = kept ? seen === kept.titles[i] : ours.includes(seen);
    if (title === '' || isOurs) return;
    // One that goes with its column may still stand there after a kill.
    if (wanted.includes(old)) rename_(lay, wanted.indexOf(old), title, seen);
    else ours.push(seen);
  });
  lay.known = ours;
}

/**
 * The titles that people gave before the run that was killed, wherever they stand now.
 * @param {!Lay} lay @param {*} old @param {!Array<*>} titles
 */
function nameAgain_(lay, {op, receipt, key}, titles) {
  const [keys, wanted] = [receipt.keys, op.keys].map((text) => cut_(text, KEY_MARK));
  for (const [column, mark] of receipt.given || []) {
    const title = titles.find((each) => titleMark_(key, each) === mark);
    if (title === undefined) continue;
    if (wanted.includes(keys[column])) rename_(lay, wanted.indexOf(keys[column]), title, mark);
    else if (!lay.known.includes(mark)) lay.known.push(mark);
  }
}

/** @param {!Lay} lay @param {number} column Of ours. @param {*} title @param {string} mark */
function rename_(lay, column, title, mark) {
  lay.renamed.set(column, title);
  lay.given.set(column, mark);
}

/**
 * @param {!Array<!Array<*>>} cells @param {!Array<!Array<string>>} formulas
 * @return {?Found} All of a block that holds something and has no receipt: nobody can tell whose.
 */
function unsigned_(cells, formulas) {
  const [rows, columns] = [cells.length, cells[0].length];
  const blank = cells.every((row, i) => row.every((cell, j) => cell === '' && formulas[i][j] === ''));
  return blank ? null : {code: 'no_receipt', row: 0, column: 0, rows, columns};
}

/** @param {!Array<!Array<string>>} formulas @param {!Array<number>} places @return {?Found} */
function formula_(formulas, places) {
  for (let row = 0; row < formulas.length; row++) {
    const at = places.find((column) => formulas[row][column] !== '');
    if (at !== undefined) return {code: 'differs_formula', row, column: at, rows: 1, columns: 1};
  }
  return null;
}

/** @param {*} old @param {!Array<number>} places @param {boolean} sure @return {?Found} */
function changed_(old, places, sure) {
  const {receipt, cells, header, key, kept} = old;
  const width = cells[0].length;
  for (let row = receipt.rows; row < cells.length; row++) {
    const column = places.find((at) => cells[row][at] !== '');
    if (column !== undefined) return {code: 'differs_size', row, column, rows: 1, columns: 1};
  }
  if (cells.length < receipt.rows) {
    return {code: 'differs_size', row: 0, column: 0, rows: cells.length, columns: width};
  }
  const code = 'differs_cell';
  const head = JSON.stringify(pick_(cells.slice(0, header - 1), places));
  if (kept && mark_(key, 'head', head) !== kept.head) {
    return {code, row: 0, column: 0, rows: header - 1, columns: width};
  }
  const body = pick_(cells.slice(header, receipt.rows), places);
  if (sure || isAsSent_(old, body)) return null;
  if (!kept) return {code, row: header, column: 0, rows: body.length, columns: width};
  const ordered = order_(body);
  // The same rows in another order: somebody sorted them.
  if (rowMarks_(key, ordered.sums).join() === kept.rows.join()) return null;
  const row = changedRow_(key, kept.rows, ordered);
  const column = places.find((_, i) => columnMark_(key, body, i) !== kept.columns[i]);
  const [first, rows] = row === null ? [header, body.length] : [header + row, 1];
  if (column === undefined) return {code, row: first, column: 0, rows, columns: width};
  return {code, row: first, column, rows, columns: 1};
}

/** @param {*} old @param {!Array<!Array<*>>} rows @return {boolean} By the receipt's digest. */
function isAsSent_({receipt, key}, rows) {
  return lastLink_(key, receipt.digest.chunks, rows) === receipt.digest.value;
}

/**
 * @param {!Array<number>} key @param {!Array<!Array<number>>} chunks @param {!Array<!Array<*>>} rows
 * @return {string} The digest's value for rows in such chunks; "" where these are not as many.
 */
function lastLink_(key, chunks, rows) {
  let link = hmac_(key, KEY_START);
  let at = 0;
  for (const [size, times] of chunks) {
    for (let n = 0; n < times; n++, at += size) {
      link = hmac_(key, link + '\n' + JSON.stringify(rows.slice(at, at + size)));
    }
  }
  return at === rows.length ? link : '';
}

/** @param {!Array<!Array<*>>} rows @param {!Array<number>} places @return {!Array<!Array<*>>} */
function pick_(rows, places) {
  return rows.map((row) => places.map((at) => row[at]));
}
