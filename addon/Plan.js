/**
 * @fileoverview Which rows a patch leaves of the block that was looked at, and what became of which.
 * docs/operations.md ("Patches") binds this and the backend's adapters/sheet_patch.py.
 */

/**
 * @typedef {{values: !Array<!Array<*>>, receipt: *, keys: !Array<string>, titles: !Array<*>, replace: boolean, asLeft: boolean}} Old
 *   The block as `expect` on "old" read it, dates as Dates; `keys` and `titles` are to come;
 *   `asLeft` where nobody changed it since the last run.
 * @typedef {{op: *, rows: !Array<!Array<*>>, touched: !Array<number>, sent: !Array<number>,
 *   removed: !Array<number>, fresh: number, changed: number, left: number, marked: number, closed: number,
 *   news: !Array<{what: string, row: !Array<*>}>, totals: !Array<string>, order: ?Array<number>, gone: ?Set<string>}} Plan `rows` are the data rows
 *   to come, in the sheet's order, and `order` their places in the one that they are put into, null where
 *   they stand so; `touched` and `sent` are places in them, `removed` in the old ones; `left` of
 *   those QuickBooks still has; `closed` counts changes to rows dated when the books were closed;
 *   `news` are what became of which row, `totals` those of the whole block once it was read back.
 */

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
  // Of a table that is replaced anyway: nobody can tell which row is which, and all go.
  const keyless = lacksKey_(op, places);
  const clock = clock_(writer);
  const rows = old.values.slice(op.header_rows).map((line) => places.map((at, j) =>
    (at === undefined ? '' : plain_(line[at], op.columns[j].kind, clock))));
  const keyed = (/** @type {!Array<*>} */ row) => rowKey_(row, op.key_columns);
  const waiting = new Map(sent.map((row) => [keyed(row), row]));
  if (waiting.size !== sent.length) throw twice_(writer, op.header_rows);
  const gone = new Set(whole ? [] : op.departed.map((/** @type {*} */ key) => JSON.stringify([key])));
  /** @type {!Plan} */
  const plan = {
    op, rows: [], touched: [], sent: [], removed: [], fresh: 0, changed: 0, left: 0, marked: 0, closed: 0, news: [], totals: [],
    order: null, gone: null,
  };
  const seen = new Set();
  rows.forEach((row, place) => {
    const key = keyed(row);
    const repeated = keyless || seen.has(key);
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
  plan.order = op.order ? orderOf_(plan.rows, op.order) : op.together ? togetherOf_(plan.rows, op, sent) : null;
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
  const isLeft = Boolean(removed) && !isRemoved_(plan, row);
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

/** @param {!Plan} plan @param {!Array<*>} row @return {boolean} Whether QuickBooks has deleted it. */
function isRemoved_(plan, row) {
  const {columns, values} = plan.op.removed;
  plan.gone = plan.gone || new Set(values.map((/** @type {!Array<*>} */ each) => JSON.stringify([each])));
  return plan.gone.has(rowKey_(row, columns));
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

/** @param {*} op @param {!Array<number|undefined>} places @return {boolean} */
function lacksKey_(op, places) {
  return op.key_columns.some((/** @type {number} */ column) => places[column] === undefined);
}

/** @param {!Writer} writer @param {*} op @param {!Old} old @param {!Array<number|undefined>} places */
function mustFit_(writer, op, old, places) {
  if (lacksKey_(op, places) && !(old.replace && op.departed === 'others')) {
    const area = block_(writer);
    throw stopAt_('no_key', WORDS.writer.no_key, area.getSheet(), rect_(at_(area, 0, 0, 1, 1)));
  }
  if (op.departed === 'others') return;
  const receipt = old.receipt || {};
  const known = [op.base, op.run].includes(receipt.run) && receipt.state === 'done';
  if (!known || receipt.keys !== old.keys.join('')) throw otherRun_();
}
