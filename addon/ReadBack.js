/**
 * @fileoverview `expect`: reads a rectangle back and compares it with what was sent. The digest is
 * defined once, in docs/operations.md, and shares its vectors with core/digest.py of the backend.
 */

const SECONDS_PER_DAY = 86400;
const DAYS_BEFORE_1970 = 25569; // from 1899-12-30, day 0 of a spreadsheet
const KEY_START = 'counterfoil';

/** @typedef {{zone: string, offsets: !Map<number, number>}} Clock */

/**
 * @param {!Writer} writer Learns where texts stand outside text columns.
 * @param {*} op
 * @return {!Seen}
 */
function expect_(writer, op) {
  const range = expected_(writer, op);
  const clock = clock_(writer);
  const kinds = op.kinds.map((/** @type {string} */ kind) => ({kind: kind}));
  const spans = op.on === 'stage' ? [{first: 0, at: 0, width: op.columns}] : spans_(writer.lay, op.columns);
  const read = (/** @type {number} */ row, /** @type {number} */ rows) => {
    const parts = spans.map(({at, width}) => noFormulas_(at_(range, row, at, rows, width), op).getValues());
    return parts[0].map((_, i) => parts.flatMap((part) => part[i]).map((cell, j) =>
      plain_(cell, op.kinds[j], clock)));
  };
  const ids = new Set();
  const sums = op.sums.map(() => BigInt(0));
  /** @type {!Array<!Array<number>>} */
  const odd = [];
  /** @type {!Array<!Array<*>>} */
  const all = [];
  const key = bytes_(op.digest.key);
  let link = hmac_(key, KEY_START);
  let at = op.header_rows;
  const head = at ? read(0, at) : [];
  for (const [size, times] of op.digest.chunks) {
    for (let n = 0; n < times && at + size <= op.rows; n++, at += size) {
      const rows = read(at, size);
      link = hmac_(key, link + '\n' + JSON.stringify(rows));
      if (op.distinct) rows.forEach((row) => ids.add(row[op.distinct.column]));
      op.sums.forEach((/** @type {*} */ sum, /** @type {number} */ i) =>
        rows.forEach((row) => (sums[i] += scaled_(row[sum.column], sum.scale))));
      for (const [i, j] of oddCells_(rows, kinds, 0)) odd.push([at + i, j]);
      if (op.marks || op.changes) rows.forEach((row) => all.push(row));
    }
  }
  if (op.on === 'stage') writer.odd = odd;
  if (op.on === 'stage' && at) writer.lay.titles = head[op.header_rows - 1] || [];
  const seen = {
    rows: at - op.header_rows,
    distinct: op.distinct ? ids.size : null,
    sums: sums.map(String),
    digest: at === op.rows && link === op.digest.value,
  };
  const what = differences_(op, seen);
  if (what.length) throw differs_(op, what);
  if (op.marks) {
    const {titles} = writer.lay;
    const title = titles.length ? titles : head[head.length - 1];
    writer.lay.marks = marksOf_(op.digest.key, head.slice(0, -1), title, all, op.columns);
  }
  writer.replaced = op.changes ? replaced_(writer, op, all) : null;
  if (!writer.replaced) return seen;
  const {counts, closed, news} = writer.replaced;
  return Object.assign(seen, counts, closed === undefined ? {} : {closed}, {news});
}

/** @param {!Writer} writer @return {!Clock} */
function clock_(writer) {
  return {zone: writer.book.getSpreadsheetTimeZone(), offsets: new Map()};
}

/**
 * @param {!Writer} writer
 * @param {*} op
 * @return {GoogleAppsScript.Spreadsheet.Range} The rectangle, if it has the size that is expected.
 */
function expected_(writer, op) {
  const tab = op.on === 'stage' ? stageOf_(writer, op.run) : null;
  if (op.on === 'stage' && !tab) throw stop_('no_stage', WORDS.writer.no_stage);
  const range = tab ? tab.getRange(1, 1) : block_(writer);
  let [rows, columns] = [range.getNumRows(), range.getNumColumns()];
  if (tab) {
    // The last rows and columns of a stage may be blank by right; more than expected is not right.
    [rows, columns] = [tab.getLastRow(), tab.getLastColumn()];
    if (rows <= op.rows && op.rows <= tab.getMaxRows()) rows = op.rows;
    if (columns <= op.columns && op.columns <= tab.getMaxColumns()) columns = op.columns;
  } else if (columns === width_(writer.lay, op.columns)) {
    columns = op.columns; // and those between them that are a person's
  }
  if (rows === op.rows && columns === op.columns) return range;
  const size = {rows, columns, expected_rows: op.rows, expected_columns: op.columns};
  throw differs_(op, [['size', say_(WORDS.writer.what.size, size)]]);
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} range @param {*} op The `expect` that reads it.
 * @return {GoogleAppsScript.Spreadsheet.Range}
 */
function noFormulas_(range, op) {
  const found = range.getFormulas().some((row) => row.some((formula) => formula !== ''));
  if (found && op.on === 'stage') throw differs_(op, [['formula', WORDS.writer.what.formula]]);
  if (found) throw stop_('differs_formula', WORDS.writer.formula);
  return range;
}

/**
 * @param {*} op
 * @param {!Seen} seen
 * @return {!Array<!Array<string>>} [code, words] of each thing that is not as expected.
 */
function differences_(op, seen) {
  const words = WORDS.writer.what;
  const what = [];
  if (op.distinct && seen.distinct !== op.distinct.count) {
    const counts = {count: String(seen.distinct), expected: op.distinct.count};
    what.push(['distinct', say_(words.distinct, counts)]);
  }
  seen.sums.forEach((sum, i) => {
    const column = String(op.sums[i].column + 1);
    // Of rows that may have been there before nobody knows the sum: it is told, not compared.
    if (op.sums[i].sum !== null && sum !== op.sums[i].sum) what.push(['sum', say_(words.sum, {column})]);
  });
  if (!seen.digest) what.push(['digest', words.digest]);
  return what;
}

/** @param {*} op @param {!Array<!Array<string>>} what @return {!Error} */
function differs_(op, what) {
  const words = {what: what.map((each) => each[1]).join(', ')};
  // Of its own code: the next run mends it, whatever it was.
  if (op.on === 'stage') return stop_('stage_differs', say_(WORDS.writer.stage_differs, words));
  return stop_('differs_' + what[0][0], say_(WORDS.writer.differs_block, words));
}

/** @param {*} cell @param {number} scale @return {bigint} A number times 10^scale, exactly. */
function scaled_(cell, scale) {
  return BigInt(typeof cell === 'number' ? cell.toFixed(scale).replace('.', '') : 0);
}

/** @param {*} cell As getValues gives it. @param {string} kind @param {!Clock} clock */
function plain_(cell, kind, clock) {
  const isDate = Object.prototype.toString.call(cell) === '[object Date]';
  return isDate ? serial_(cell, kind, clock) : cell;
}

/**
 * A Date as the serial number that the cell holds, in the spreadsheet's zone.
 *
 * @param {!Date} date @param {string} kind @param {!Clock} clock
 * @return {number}
 */
function serial_(date, kind, clock) {
  const second = Math.round(date.getTime() / 1000);
  const wall = second + offset_(second, clock);
  const day = Math.floor(wall / SECONDS_PER_DAY);
  const before = Math.floor((second - 1 + offset_(second - 1, clock)) / SECONDS_PER_DAY);
  // Where clocks jump over midnight (Beirut, Havana), a day's first moment is its midnight.
  if (kind === 'date' && before < day) return day + DAYS_BEFORE_1970;
  return (wall + DAYS_BEFORE_1970 * SECONDS_PER_DAY) / SECONDS_PER_DAY;
}

/**
 * Seconds that the zone is ahead of UTC. Asks twice a day at most, and more only on the days on
 * which clocks change: each question is a call of a service.
 *
 * @param {number} second Since 1970, UTC. @param {!Clock} clock
 * @return {number}
 */
function offset_(second, clock) {
  const ask = (/** @type {number} */ moment) => {
    const known = clock.offsets.get(moment);
    if (known !== undefined) return known;
    const text = Utilities.formatDate(new Date(moment * 1000), clock.zone, "yyyy-MM-dd'T'HH:mm:ss");
    const offset = Date.parse(text + 'Z') / 1000 - moment;
    clock.offsets.set(moment, offset);
    return offset;
  };
  const midnight = Math.floor(second / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  const offset = ask(midnight);
  return offset === ask(midnight + SECONDS_PER_DAY) ? offset : ask(second);
}

/** @param {!Array<number>} key @param {string} text @return {string} In hex. */
function hmac_(key, text) {
  return hex_(Utilities.computeHmacSha256Signature(Utilities.newBlob(text).getBytes(), key));
}

/** @param {string} hex @return {!Array<number>} Signed bytes, as Apps Script wants them. */
function bytes_(hex) {
  return (hex.match(/../g) || []).map((pair) => (parseInt(pair, 16) << 24) >> 24);
}
