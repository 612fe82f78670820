/**
 * @fileoverview `patch`: rows by key, laid over the block that was just looked at; the copy of rows
 * that leave it; and `expect` on "patched". docs/operations.md ("Patches") binds this and the
 * backend's adapters/sheet_patch.py.
 */

/** How many rows a link of the digest covers that the writer makes. */
const CHUNK_ROWS = 5000;

/**
 * @typedef {{values: !Array<!Array<*>>, receipt: *, keys: !Array<string>, titles: !Array<*>}} Old
 *   The block as `expect` on "old" read it, dates as Dates; `keys` and `titles` are to come.
 * @typedef {{op: *, rows: !Array<!Array<*>>, touched: !Array<number>, sent: !Array<number>,
 *   removed: !Array<number>, fresh: number, changed: number, left: number, marked: number, closed: number,
 *   news: !Array<{what: string, row: !Array<*>}>}} Plan `rows` are the data rows to come, in the
 *   sheet's order; `touched` and `sent` are places in them, `removed` in the old ones; `left` of
 *   those QuickBooks still has; `closed` counts changes to rows dated when the books were closed;
 *   `news` are what became of which row.
 */

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
    layRows_(writer, plan);
  }
}

/** @param {!Writer} writer @return {!Plan} */
function planOf_(writer) {
  if (!writer.plan) throw otherRun_();
  return writer.plan;
}

/**
 * Of the rows that leave, those that a person's cells stand beside.
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
 * Lays what was sent over the block. Stops where the block is not the one it was made for.
 * @param {!Writer} writer @param {*} op @param {!Array<!Array<*>>} sent
 * @param {function(): !Set<number>} beside The data rows with something of a person's beside them.
 * @return {!Plan}
 */
function planned_(writer, op, sent, beside) {
  const {old} = writer;
  if (!old) throw otherRun_();
  const whole = op.departed === 'others';
  const places = oldPlaces_(writer, old, op.header_rows);
  mustFit_(writer, op, old, places);
  const clock = clock_(writer);
  const rows = old.values.slice(op.header_rows).map((line) => places.map((at, j) =>
    (at === undefined ? '' : plain_(line[at], op.columns[j].kind, clock))));
  const keyed = (/** @type {!Array<*>} */ row) => rowKey_(row, op.key_columns);
  const waiting = new Map(sent.map((row) => [keyed(row), row]));
  if (waiting.size !== sent.length) throw twice_(writer, op.header_rows);
  const gone = new Set(whole ? [] : op.departed.map((/** @type {*} */ key) => JSON.stringify([key])));
  /** @type {!Plan} */
  const plan = {
    op, rows: [], touched: [], sent: [], removed: [], fresh: 0, changed: 0, left: 0, marked: 0, closed: 0, news: [],
  };
  const seen = new Set();
  rows.forEach((row, place) => {
    const key = keyed(row);
    const repeated = seen.has(key);
    if (!whole && repeated) throw twice_(writer, op.header_rows + place);
    seen.add(key);
    if (waiting.has(key) && !repeated) {
      meet_(plan, row, op.keep ? row : /** @type {!Array<*>} */ (waiting.get(key)));
      waiting.delete(key);
    } else if (!repeated && (whole ? op.keep && isFilled_(row) : op.keep || !gone.has(key))) {
      plan.rows.push(row);
    } else {
      depart_(plan, place, row, repeated, beside);
    }
  });
  plan.fresh = waiting.size;
  for (const row of waiting.values()) {
    plan.sent.push(plan.rows.length);
    plan.touched.push(plan.rows.length);
    note_(plan, 'new', row);
    plan.rows.push(row);
  }
  return plan;
}

/**
 * A row that was there and was sent; where rows are kept, it is sent as it was.
 * @param {!Plan} plan @param {!Array<*>} row @param {!Array<*>} sent
 */
function meet_(plan, row, sent) {
  if (!plan.op.keep) plan.sent.push(plan.rows.length);
  if (JSON.stringify(row) !== JSON.stringify(sent)) {
    plan.touched.push(plan.rows.length);
    plan.changed++;
    note_(plan, 'changed', sent, row);
  }
  plan.rows.push(sent);
}

/**
 * A row that is no more: it goes, or stays with a mark.
 * @param {!Plan} plan @param {number} place @param {!Array<*>} row @param {boolean} repeated
 * @param {function(): !Set<number>} beside
 */
function depart_(plan, place, row, repeated, beside) {
  const {mark, removed} = plan.op;
  const isLeft = Boolean(removed) && !removed.values.includes(row[removed.column]);
  const allStay = mark && !mark.beside && !isLeft;
  if (mark && !repeated && (allStay || beside().has(place))) {
    plan.marked++;
    if (row[mark.column] === '') { // the first mark stays
      row[mark.column] = mark.text;
      plan.touched.push(plan.rows.length);
      note_(plan, 'marked', row);
    }
    plan.rows.push(row);
    return;
  }
  plan.removed.push(place);
  if (isLeft) plan.left++;
  note_(plan, isLeft ? 'left' : 'removed', row);
}

/** @param {!Array<*>} row @return {boolean} Room that a killed run made is no row of anybody. */
function isFilled_(row) {
  return row.some((cell) => cell !== '');
}

/** @param {!Array<*>} row @param {!Array<number>} columns @return {string} */
function rowKey_(row, columns) {
  return JSON.stringify([columns.map((column) => row[column])]);
}

/** @param {!Writer} writer @param {number} row @return {!Error} */
function twice_(writer, row) {
  const area = block_(writer);
  const at = rect_(at_(area, row, 0, 1, 1));
  return stopAt_('not_distinct', WORDS.writer.not_distinct, area.getSheet(), at);
}

/**
 * @param {!Writer} writer @param {!Old} old @param {number} header
 * @return {!Array<number|undefined>} Where each column to come is in the old block.
 */
function oldPlaces_(writer, old, header) {
  const was = new Map(writer.lay.was);
  if ((!old.receipt || old.receipt.state !== 'done') && header && header <= old.values.length) {
    // The run that died may have changed the columns, or not yet: their titles tell.
    old.keys.forEach((key, i) => {
      const at = old.values[header - 1].indexOf(old.titles[i]);
      if (at >= 0) was.set(key, at);
    });
  }
  return old.keys.map((key) => was.get(key));
}

/** @param {!Writer} writer @param {*} op @param {!Old} old @param {!Array<number|undefined>} places */
function mustFit_(writer, op, old, places) {
  if (op.key_columns.some((/** @type {number} */ column) => places[column] === undefined)) {
    const area = block_(writer);
    throw stopAt_('no_key', WORDS.writer.no_key, area.getSheet(), rect_(at_(area, 0, 0, 1, 1)));
  }
  if (op.departed === 'others') return;
  const receipt = old.receipt || {};
  const known = [op.base, op.run].includes(receipt.run) && receipt.state === 'done';
  if (!known || receipt.keys !== old.keys.join('')) throw otherRun_();
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
 * Whole rows of the tab, people's cells included, as values below what is in the tab of that title.
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
  for (const [row, count] of pieces) {
    const piece = tab.getRange(row, 1, count, wide);
    piece.getValues().forEach((line) => cells.push(line.map((cell) => plain_(cell, 'date', clock))));
    piece.getNumberFormats().forEach((line) => formats.push(line));
  }
  const used = cells.reduce((most, line) =>
    Math.max(most, ...line.map((cell, j) => (cell === '' ? 1 : j + 1))), 1);
  const place = below_(writer, to, last, cells.length, used);
  const isText = (/** @type {*} */ cell) => typeof cell === 'string' && cell !== '';
  place.setNumberFormats(formats.map((line, i) =>
    line.slice(0, used).map((format, j) => (isText(cells[i][j]) ? '@' : format))));
  place.setValues(cells.map((line) => line.slice(0, used).map(asText_)));
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
    noFormulas_(at_(area, 0, at, high, width)).getValues());
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
  const wanted = op.rows === undefined ? rows.length : op.rows;
  const what = differences_(
    {sums: op.sums, distinct: found.size === rows.length ? {count: wanted} : {count: rows.length}},
    Object.assign({}, seen, {sums: sums.map((/** @type {*} */ sum) => String(sum[1]))}));
  if (what.length) throw differs_(op, what);
  keepDigest_(writer, op, rows);
  writer.lay.marks = marksOf_(op.key, lines.slice(0, op.header_rows - 1), op.titles, rows, op.columns);
  return seen;
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
