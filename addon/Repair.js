/**
 * @fileoverview A block that a killed run left: where our columns are, and whether somebody typed
 * into it since. docs/operations.md ("After a kill") binds this and the
 * backend's adapters/sheet_repair.py.
 */

/** How much of a digest a receipt keeps of the table before: 48 bits, so that it fits. */
const START = 12;

/**
 * @typedef {!Array<*>} Extent Of a table: rows, columns, chunks, the digest's start, and where its
 *   columns are if they are not the first ones of the block.
 */

/**
 * @param {!Lay} lay Learns where our columns are. @param {*} old @param {!Array<!Array<string>>} formulas
 * @return {?Found}
 */
function leftBlock_(lay, old, formulas) {
  const {receipt, cells, header, key} = old;
  const titles = cells[header - 1];
  const given = (receipt.given || []).map((/** @type {!Array<*>} */ each) => each[1]);
  const isOurs = (/** @type {*} */ title) => [...lay.known, ...given].includes(titleMark_(key, title));
  const all = {code: 'differs_columns', row: header - 1, column: 0, rows: 1, columns: titles.length};
  const places = leftPlaces_(old, isOurs);
  if (!places) return all;
  const {now, left} = places;
  const shown = now.concat(left);
  // The run that was killed left no marks to find our columns by: one that somebody put in since
  // cannot be told from one that was renamed, and must not be written over.
  if (shown.some((at) => titles[at] !== '' && !isOurs(titles[at]))) return all;
  const [written, was] = [extent_(receipt, now), receipt.was || null];
  const isNew = isTable_(old, shown, written);
  lay.before = isNew ? written : was;
  lay.doubt = !isNew && !(was && isTable_(old, shown, was)) && !isBlank_(cells, shown);
  layOver_(lay, old, now, left);
  nameAgain_(lay, old, shown.map((at) => titles[at]));
  return formula_(formulas, shown);
}

/**
 * @param {*} old @param {function(*): boolean} isOurs
 * @return {?{now: !Array<number>, left: !Array<number>}} Where our columns are, and those that were not
 *   needed any more; null where it cannot be told.
 */
function leftPlaces_({receipt, cells, header, keys}, isOurs) {
  /** @type {!Array<number>} */
  const now = receipt.places || [...keys.keys()];
  /** @type {!Array<number>} */
  const stale = receipt.stale || [];
  const width = cells[0].length;
  const [short, long] = [now, now.concat(stale)].map((places) => Math.max(-1, ...places) + 1);
  if (width === short || width === long) return {now, left: stale.filter((at) => at < width)};
  // It died while columns came or went: ours are those with our titles, and those that nobody has filled.
  const titles = cells[header - 1];
  const isFree = (/** @type {number} */ at) => cells.every((/** @type {!Array<*>} */ row) => row[at] === '');
  const here = [...cells[0].keys()].filter((at) => (titles[at] === '' ? isFree(at) : isOurs(titles[at])));
  const people = long - now.length - stale.length;
  return here.length && width - here.length === people ? {now: here, left: []} : null;
}

/**
 * @param {*} old @param {!Array<number>} ours @param {!Extent} table
 * @return {boolean} Whether all that is ours is that table, and blank beside and below it.
 */
function isTable_({cells, key}, ours, [rows, columns, chunks, start, moved]) {
  const places = moved || Array.from({length: columns}, (_, i) => i);
  if (!start || cells.length < rows || Math.max(-1, ...places) >= cells[0].length) return false;
  const header = rows - sentRows_({chunks});
  const body = pick_(cells.slice(header, rows), places);
  return lastLink_(key, chunks, body).slice(0, START) === start &&
    isBlank_(cells.slice(header), ours.filter((at) => !places.includes(at))) &&
    isBlank_(cells.slice(rows), places);
}

/** @param {!Array<!Array<*>>} rows @param {!Array<number>} places @return {boolean} */
function isBlank_(rows, places) {
  return rows.every((row) => places.every((at) => row[at] === ''));
}

/** @param {*} receipt @param {!Array<number>} now Its columns. @return {!Extent} */
function extent_({rows, digest}, now) {
  const extent = [rows, now.length, digest.chunks, digest.value.slice(0, START)];
  return now.every((at, i) => at === i) ? extent : extent.concat([now]);
}

/**
 * Keeps a copy of what was found, before it is written over.
 * @param {!Writer} writer @param {*} log `title` and `row`.
 */
function keepDoubtful_(writer, {title, row}) {
  appendLog_(writer, {title, rows: [row]});
  copyValues_(writer, {title});
}
