/**
 * @fileoverview `patch`: rows by key, laid over the block that was just looked at; the copy of rows
 * that leave it; and `expect` on "patched". docs/operations.md ("Patches") binds this and the
 * backend's adapters/sheet_patch.py.
 */

/** How many rows a link of the digest covers that the writer makes. */
const CHUNK_ROWS = 5000;

/**
 * Lays the rows in memory over the block that was looked at; where it stops, nothing has changed.
 * @param {!Writer} writer @param {*} op
 */
function patch_(writer, op) {
  const area = block_(writer);
  /** @type {?Set<number>} */
  let found = null;
  const beside = () => (found = found || beside_(writer, op.header_rows));
  writer.plan = planned_(writer, op, op.rows || staged_(writer, op), beside);
  rowsAreOurs_(writer, area, writer.plan);
  rowsAreOpen_(writer, op.header_rows, writer.plan);
  mayBeOrdered_(writer, area, writer.plan);
  room_(writer, {rows: area.getNumRows(), columns: op.columns.length});
}

/** @param {!Writer} writer What was laid becomes the block, in one call. */
function commitPatch_(writer) {
  const plan = planOf_(writer);
  const {op} = plan;
  keepTurn_(writer);
  if (!writer.old || writer.old.values.length !== block_(writer).getNumRows()) throw otherRun_();
  fit_(writer, op.header_rows, plan);
  if (op.departed === 'others') {
    const rows = op.header.concat(plan.rows);
    commit_(writer, {header_rows: op.header_rows, columns: op.columns, rows: rows});
  } else {
    takeWarning_(writer);
    layRows_(writer, plan);
  }
  orderRows_(writer, plan);
}

/** @param {!Writer} writer @return {!Plan} */
function planOf_(writer) {
  if (!writer.plan) throw otherRun_();
  return writer.plan;
}

/**
 * Of the rows that leave, those with something of a person's.
 * @param {!Writer} writer @param {string} title
 */
function copyLeaving_(writer, title) {
  const plan = planOf_(writer);
  const header = plan.op.header_rows;
  const apart = plan.removed.length ? beside_(writer, header) : new Set();
  const leaving = plan.removed.filter((row) => apart.has(row));
  if (leaving.length) copyRows_(writer, title, header, leaving);
}

/** @return {!Error} */
function otherRun_() {
  return stop_('other_run', WORDS.writer.other_run);
}

/** @param {!Writer} writer @param {*} op @return {!Array<!Array<*>>} The data rows of the stage. */
function staged_(writer, op) {
  const stage = stageOf_(writer, op.run);
  if (!stage) throw stop_('no_stage', WORDS.writer.no_stage);
  const clock = clock_(writer);
  const [first, rows] = [op.header_rows + 1, op.stage_rows - op.header_rows];
  if (rows < 1) return [];
  return stage.getRange(first, 1, rows, op.columns.length).getValues().map((row) =>
    row.map((cell, j) => plain_(cell, op.columns[j].kind, clock)));
}

/**
 * What changed and what is new, in one call: with what stands between them, as it was read.
 * @param {!Writer} writer @param {!Plan} plan
 */
function layRows_(writer, plan) {
  const {op} = plan;
  if (!plan.touched.length) return;
  const area = block_(writer);
  // Not Math.min(...): there may be more of them than a call takes arguments.
  const [first, last] = plan.touched.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)], [Infinity, 0]);
  const rows = plan.rows.slice(first, last + 1);
  for (const span of spans_(writer.lay, op.columns.length)) {
    const end = span.first + span.width;
    const place = at_(area, op.header_rows + first, span.at, rows.length, span.width);
    writeCells_(place, rows.map((row) => row.slice(span.first, end)), op.columns.slice(span.first, end), 0);
  }
}

/**
 * Whole rows of the tab, people's cells and notes included, as values below what is in the tab of that title.
 * @param {!Writer} writer @param {string} title @param {number} header @param {!Array<number>} rows
 */
function copyRows_(writer, title, header, rows) {
  const area = block_(writer);
  const tab = area.getSheet();
  const to = logTab_(writer, title);
  const last = to.getLastRow();
  const pieces = runs_(rows).map(([first, count]) => [area.getRow() + header + first, count]);
  // The titles first, so that the rows can be read.
  if (!last) pieces.unshift([area.getRow() + header - 1, 1]);
  const wide = tab.getMaxColumns();
  const clock = clock_(writer);
  /** @type {!Array<!Array<*>>} */
  const cells = [];
  /** @type {!Array<!Array<string>>} */
  const formats = [];
  /** @type {!Array<!Array<string>>} */
  const notes = [];
  for (const [row, count] of pieces) {
    const piece = tab.getRange(row, 1, count, wide);
    const values = piece.getValues();
    values.forEach((line) => cells.push(line.map((cell) => plain_(cell, 'date', clock))));
    // A formula's day may have no format of its own.
    piece.getNumberFormats().forEach((line, i) => formats.push(line.map((format, j) =>
      (values[i][j] instanceof Date && !/[dmyhs]/i.test(format) ? 'yyyy-mm-dd' : format))));
    piece.getNotes().forEach((line) => notes.push(line));
  }
  // Ours, and what people wrote on titles, which stay.
  if (!last) notes[0] = notes[0].map(() => '');
  const used = cells.concat(notes).reduce((most, line) =>
    Math.max(most, ...line.map((cell, j) => (cell === '' ? 1 : j + 1))), 1);
  const place = below_(writer, to, last, cells.length, used);
  const isText = (/** @type {*} */ cell) => typeof cell === 'string' && cell !== '';
  place.setNumberFormats(formats.map((line, i) =>
    line.slice(0, used).map((format, j) => (isText(cells[i][j]) ? '@' : format))));
  place.setValues(cells.map((line) => line.slice(0, used).map(asText_)));
  if (notes.some((line) => line.some(Boolean))) place.setNotes(notes.map((line) => line.slice(0, used)));
}

/**
 * Reads the block back and compares it with what the patch laid, whatever its order is now.
 * @param {!Writer} writer @param {*} op @return {*} What was seen.
 */
function expectPatched_(writer, op) {
  const area = block_(writer);
  const plan = planOf_(writer);
  const clock = clock_(writer);
  const high = area.getNumRows();
  const parts = spans_(writer.lay, op.columns).map(({at, width}) =>
    noFormulas_(at_(area, 0, at, high, width), op).getValues());
  const lines = parts[0].map((_, i) => parts.flatMap((part) => part[i]).map((cell, j) =>
    plain_(cell, op.kinds[j], clock)));
  const rows = lines.slice(op.header_rows);
  const keyed = (/** @type {!Array<*>} */ row) => rowKey_(row, plan.op.key_columns);
  const laid = new Map(plan.rows.map((row) => [keyed(row), JSON.stringify([row])]));
  const found = new Set(rows.map(keyed));
  const sent = new Set(plan.sent.map((at) => keyed(plan.rows[at])));
  const sums = op.sums.map(() => [BigInt(0), BigInt(0)]);
  for (const row of rows) {
    const isSent = sent.has(keyed(row));
    op.sums.forEach((/** @type {*} */ sum, /** @type {number} */ i) => {
      const more = scaled_(row[sum.column], sum.scale);
      sums[i][0] += more;
      if (isSent) sums[i][1] += more;
    });
  }
  const digest = rows.length === plan.rows.length && found.size === laid.size &&
    rows.every((row) => laid.get(keyed(row)) === JSON.stringify([row]));
  const seen = {
    rows: rows.length, distinct: found.size, sums: sums.map((/** @type {*} */ sum) => String(sum[0])), digest,
    new: plan.fresh, changed: plan.changed,
    removed: plan.removed.length - plan.left, marked: plan.marked,
    ...(plan.op.removed ? {left: plan.left} : {}), ...(plan.op.closed ? {closed: plan.closed} : {}), ...(plan.op.labels ? {news: listed_(plan)} : {}),
  };
  if (op.currency) {
    Object.assign(seen, {by_currency: byCurrency_(op, rows)});
    plan.totals = totalsTold_(op, /** @type {*} */ (seen).by_currency);
  }
  const wanted = op.rows === undefined ? rows.length : op.rows;
  const what = differences_(
    {sums: op.sums, distinct: found.size === rows.length ? {count: wanted} : {count: rows.length}},
    Object.assign({}, seen, {sums: sums.map((/** @type {*} */ sum) => String(sum[1]))}));
  if (what.length) throw differs_(op, what);
  keepDigest_(writer, op, rows);
  const kept = writer.old && writer.old.receipt ? keptMarks_(writer.old.receipt) : null;
  writer.lay.marks = marksOf_(op.key, lines.slice(0, op.header_rows - 1), op.titles, rows, op.columns, kept ? kept.titles : []);
  return seen;
}

/**
 * @param {*} op `expect` on "patched". @param {!Array<!Array<*>>} rows
 * @return {!Array<!Object<string, string>>} Each of the sums, by the currency of the rows.
 */
function byCurrency_({sums, currency}, rows) {
  return sums.map((/** @type {*} */ sum, /** @type {number} */ i) => {
    const {column, home} = currency[i];
    /** @type {!Map<string, bigint>} */
    const found = new Map();
    for (const row of rows) {
      const of = column === null || row[column] === '' ? home : String(row[column]);
      found.set(of, (found.get(of) || BigInt(0)) + scaled_(row[sum.column], sum.scale));
    }
    return Object.fromEntries([...found].map(([of, total]) => [of, String(total)]));
  });
}

/**
 * @param {*} op `expect` on "patched". @param {!Array<!Object<string, string>>} byCurrency
 * @return {!Array<string>} "Total 12,345.60 USD", of each of the sums that has a title of ours.
 */
function totalsTold_({sums, titles}, byCurrency) {
  return sums.flatMap((/** @type {*} */ {column, scale}, /** @type {number} */ i) =>
    (titles[column] === null ? [] : Object.keys(byCurrency[i]).sort()).map((currency) =>
      (titles[column] + ' ' + amountTold_(byCurrency[i][currency], scale) + ' ' + currency).trim()));
}

/** @param {!Writer} writer @param {*} op @param {!Array<!Array<*>>} rows For the receipt. */
function keepDigest_(writer, op, rows) {
  const key = bytes_(op.key);
  const whole = Math.floor(rows.length / CHUNK_ROWS);
  const rest = rows.length % CHUNK_ROWS;
  let link = hmac_(key, KEY_START);
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    link = hmac_(key, link + '\n' + JSON.stringify(rows.slice(at, at + CHUNK_ROWS)));
  }
  const chunks = [[CHUNK_ROWS, whole], [rest, 1]].filter(([size, times]) => size && times);
  writer.digest = {chunks: chunks, value: link};
}

/** @param {!Writer} writer @return {*} As long as the digest will be, of the rows to come. */
function longDigest_(writer) {
  const rows = writer.plan ? writer.plan.rows.length : 0;
  const chunks = [[CHUNK_ROWS, Math.floor(rows / CHUNK_ROWS)], [rows % CHUNK_ROWS, 1]];
  return {chunks: chunks, value: '.'.repeat(64)};
}

/**
 * What only the writer knows of a block that is patched: its rows and their digest.
 * @param {!Writer} writer @param {*} op `receipt`, `patched`.
 * @return {{rows: number, digest: *}}
 */
function patchedExtent_(writer, op) {
  const high = block_(writer).getNumRows();
  if (op.state === 'done') return {rows: high, digest: writer.digest || longDigest_(writer)};
  const unknown = {rows: high, digest: {chunks: [[Math.max(1, high - op.header_rows), 1]], value: ''}};
  const old = receiptOf_(writer) || unknown;
  return {rows: old.rows || unknown.rows, digest: old.digest || unknown.digest};
}
