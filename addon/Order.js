/**
 * @fileoverview Rows in the order that a person chose: docs/operations.md ("Patches") binds this and the
 * backend's core/order.py and adapters/sheet_order.py. Numbers go by value; texts by their letters,
 * whatever case and accents, and by the value of the numbers in them; blanks come last.
 */

const ACCENTS = /[\u0300-\u036f]/g;
const KINDS_IN_ORDER = ['number', 'string', 'boolean'];

/**
 * @param {!Array<!Array<*>>} rows @param {{column: number, descending: boolean}} by
 * @return {?Array<number>} The places of the rows in their order; null where they stand so.
 */
function orderOf_(rows, {column, descending}) {
  const keys = rows.map((row) => row[column]);
  const letters = keys.map((cell) => (typeof cell === 'string' ? letters_(cell) : []));
  const way = descending ? -1 : 1;
  const kind = (/** @type {*} */ cell) => (cell === '' ? KINDS_IN_ORDER.length : KINDS_IN_ORDER.indexOf(typeof cell));
  const places = keys.map((_, at) => at).sort((a, b) => {
    const [one, other] = [keys[a], keys[b]];
    if (kind(one) !== kind(other)) return kind(one) - kind(other);
    const found = typeof one === 'string'
      ? compareLetters_(letters[a], letters[b]) || compareText_(one, other) : Number(one) - Number(other);
    return way * found || a - b;
  });
  return places.every((place, at) => place === at) ? null : places;
}

/**
 * The rows of one record come together, where the first of them stands, in the order in which they were
 * sent; those that were not before them where rows are kept, else behind them. A record of which
 * nothing was sent stays as it is.
 * @param {!Array<!Array<*>>} rows @param {*} op A patch with `together`. @param {!Array<!Array<*>>} sent
 * @return {?Array<number>} The places of the rows in their order; null where they stand so.
 */
function togetherOf_(rows, op, sent) {
  const ranks = new Map(sent.map((row, at) => [rowKey_(row, op.key_columns), at]));
  const rankOf = rows.map((row) => ranks.get(rowKey_(row, op.key_columns)));
  /** @type {!Map<string, !Array<number>>} */
  const members = new Map();
  const groups = rows.map((row) => rowKey_(row, op.together));
  const thoseOf = (/** @type {string} */ group) => members.get(group) || [];
  groups.forEach((group, place) => members.set(group, thoseOf(group).concat(place)));
  const rank = (/** @type {number} */ place) => {
    const at = rankOf[place];
    return at === undefined ? (op.keep ? -1 : Infinity) : at;
  };
  const places = groups.flatMap((group, place) => {
    const those = thoseOf(group);
    if (those.every((each) => rankOf[each] === undefined)) return [place];
    return place === those[0] ? those.slice().sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b))) : [];
  });
  return places.every((place, at) => place === at) ? null : places;
}

/** @param {string} text @return {!Array<string>} Letters and numbers in turn, letters first. */
function letters_(text) {
  // The small letters of the capital ones: what is one letter in one case may be two in the other.
  const folded = text.toUpperCase().toLowerCase().replace(/ς/g, 'σ');
  return folded.normalize('NFKD').replace(ACCENTS, '').split(/(\d+)/)
      .map((part, at) => (at % 2 ? part.replace(/^0+/, '') : part));
}

/** @param {!Array<string>} one @param {!Array<string>} other @return {number} */
function compareLetters_(one, other) {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const longer = at % 2 ? one[at].length - other[at].length : 0;
    const found = longer || compareText_(one[at], other[at]);
    if (found) return found;
  }
  return one.length - other.length;
}

/** @param {string} one @param {string} other @return {number} By their characters, not UTF-16 units. */
function compareText_(one, other) {
  const [some, others] = [one, other].map((text) => Array.from(text, (letter) => Number(letter.codePointAt(0))));
  const at = some.findIndex((code, i) => code !== others[i]);
  if (at < 0) return some.length - others.length;
  return at < others.length ? some[at] - others[at] : 1;
}

/**
 * Stops, before anything changes, where whole rows of the tab cannot be put into the order that somebody
 * chose. Where the tab has a filter they stay as they are: nobody says what becomes of rows that it
 * hides; and so where nobody chose one.
 * @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} area @param {!Plan} plan
 */
function mayBeOrdered_(writer, area, plan) {
  const tab = area.getSheet();
  if (plan.order && (tab.getFilter() || rankColumn_(plan) < 0)) plan.order = null;
  if (!plan.order) return;
  try {
    mustMove_(writer, area);
  } catch (stop) {
    if (plan.op.order || !(/** @type {*} */ (stop)).code) throw stop;
    plan.order = null;
  }
}

/** @param {!Writer} writer @param {GoogleAppsScript.Spreadsheet.Range} area */
function mustMove_(writer, area) {
  const tab = area.getSheet();
  alone_(writer, area, true);
  const merged = tab.getRange(area.getRow(), 1, area.getNumRows(), tab.getMaxColumns()).getMergedRanges()[0];
  if (merged) throw stopAt_('merged', WORDS.writer.merged_sort, tab, rect_(merged));
}

/** @param {!Plan} plan @return {number} Of ours, one that is no key: a run that dies is still repaired. */
function rankColumn_({op}) {
  return op.columns.findIndex((/** @type {*} */ _, /** @type {number} */ at) => !op.key_columns.includes(at));
}

/**
 * Whole rows of the tab, with what a person typed beside them: by their ranks, which stand in one of
 * our columns while they are sorted.
 * @param {!Writer} writer @param {!Plan} plan
 */
function orderRows_(writer, plan) {
  const {op, order} = plan;
  if (!order) return;
  const area = block_(writer);
  const tab = area.getSheet();
  const column = rankColumn_(plan);
  const at = layOf_(writer.lay, op.columns.length)[column];
  const cells = at_(area, op.header_rows, at, order.length, 1);
  /** @type {!Array<!Array<string>>} */
  const ranks = [];
  // As text, and all as long as each other: so they are in their order, whatever Sheets makes of them.
  order.forEach((from, to) => (ranks[from] = [String(to).padStart(8, '0')]));
  cells.setNumberFormat('@').setValues(ranks);
  tab.getRange(area.getRow() + op.header_rows, 1, order.length, tab.getMaxColumns())
      .sort({column: area.getColumn() + at, ascending: true});
  writeCells_(cells, order.map((from) => [plan.rows[from][column]]), [op.columns[column]], 0);
}
