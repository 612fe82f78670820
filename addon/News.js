/**
 * @fileoverview What a run does to a table, for the person: how many rows are new, changed, gone, and
 * which the first ones are. docs/operations.md ("Patches"); the backend's half is in
 * adapters/sheet_patch.py and adapters/sheet_news.py.
 */

/** In this order rows are listed, and no more of them than this. */
const NEWS = ['new', 'changed', 'removed', 'left', 'marked', 'gone'];
const MOST_LISTED = 20;

/**
 * What became of a row, which `was` another one before.
 * @param {!Plan} plan @param {string} what @param {!Array<*>} row @param {!Array<*>=} was
 */
function note_(plan, what, row, was) {
  plan.news.push({what, row});
  const {closed} = plan.op;
  const days = closed ? [row, was || row].map((each) => each[closed.column]) : [];
  if (isClosed_(days, closed && closedUntil_(closed, row[closed.of]))) plan.closed++;
}

/** @param {!Array<*>} days Cells. @param {number} until @return {boolean} Whether one is no later. */
function isClosed_(days, until) {
  return days.some((day) => typeof day === 'number' && day <= until);
}

/**
 * @param {*} closed Of a patch, or of `changes`. @param {*} company Of the row, where there are several.
 * @return {number} The last day of its closed books, or below all days.
 */
function closedUntil_({until, of}, company) {
  if (of === undefined) return until;
  return new Map(Object.entries(until)).get(company) || -Infinity;
}

/** @param {!Plan} plan @return {!Array<!Array<string>>} What became of the first few rows. */
function listed_(plan) {
  const ranked = NEWS.flatMap((what) => plan.news.filter((each) => each.what === what));
  return ranked.slice(0, MOST_LISTED).map(({what, row}) =>
    [what, ...plan.op.labels.map((/** @type {number} */ at) => String(row[at]))]);
}

/** @param {!Writer} writer @return {!Array<!Array<string>>} For the log tab; none where nothing changed. */
function newsRows_(writer) {
  const {plan, replaced} = writer;
  if (replaced) {
    const total = Object.values(replaced.counts).reduce((sum, count) => sum + count, 0);
    return toldRows_({...replaced.counts, closed: replaced.closed}, replaced.news, total);
  }
  if (!plan) return [];
  const {fresh, changed, left, marked, closed} = plan;
  const counts = {new: fresh, changed, removed: plan.removed.length - left, left, marked, closed};
  return toldRows_(counts, listed_(plan), plan.news.length);
}

/**
 * @param {*} counts By the kinds of `WORDS.done.changes`. @param {!Array<!Array<string>>} listed
 * @param {number} total
 * @return {!Array<!Array<string>>} How many there are of each, and below it the list, in the words of
 *   the sidebar; nothing for nothing.
 */
function toldRows_(counts, listed, total) {
  if (!total) return [];
  const kinds = /** @type {!Object<string, string>} */ (WORDS.done.changes.news_kinds);
  const rows = listed.map(([what, ...labels]) => [kinds[what], ...labels]);
  const more = total - MOST_LISTED;
  return [[changesTold_(counts)], ...rows, ...(more > 0 ? [[say_(WORDS.log.more, {n: counted_(more)})]] : [])];
}

const LIST_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)$/;
const LIST_MORE = /^and [\d,]+ more$/;
// Lists that earlier versions wrote stand in people's logs for months.
const EARLIER_COUNTS = [...NEWS, 'in closed books'];

/** @return {{counts: !RegExp, kinds: !Array<string>}} How a list begins, and each of its rows. */
function listWords_() {
  const {counts, news_kinds: kinds} = WORDS.done.changes;
  const told = Object.values(counts).map((words) => words.replace('{n} ', ''));
  const each = '[\\d,]+ (' + [...told, ...EARLIER_COUNTS].join('|') + ')';
  return {counts: new RegExp('^' + each + '(, ' + each + ')*$'), kinds: [...Object.values(kinds), ...NEWS]};
}

/**
 * Takes the oldest lists of what runs changed away, until they have fewer rows than `most` together.
 * Whatever else stands there, such as lines of runs, stays.
 * @param {!Tab} tab @param {number} most
 */
function dropAged_(tab, most) {
  const last = tab.getLastRow();
  if (last < most) return;
  const log = tab.getRange(1, 1, last, tab.getLastColumn()).getValues().map((row) => row.map(String));
  aged_(log, most).reverse().forEach(({row, rows}) => tab.deleteRows(row + 1, rows));
}

/**
 * @param {!Array<!Array<string>>} log @param {number} most
 * @return {!Array<{row: number, rows: number}>} The oldest lists, from above; rows from 0.
 */
function aged_(log, most) {
  const lists = lists_(log);
  let left = lists.reduce((sum, {rows}) => sum + rows, 0);
  return lists.filter(({rows}) => {
    const isOver = left >= most;
    left -= isOver ? rows : 0;
    return isOver;
  });
}

/**
 * @param {!Array<!Array<string>>} log
 * @return {!Array<{row: number, rows: number}>} From above, each with the blank row before it.
 */
function lists_(log) {
  const found = [];
  for (let row = 0; row < log.length;) {
    const high = listedAt_(log, row);
    const first = high && row && log[row - 1].every((cell) => cell === '') ? row - 1 : row;
    if (high) found.push({row: first, rows: row + high - first});
    row += high || 1;
  }
  return found;
}

/**
 * @param {!Array<!Array<string>>} log @param {number} row
 * @return {number} How many rows a list has that begins there with its table and time; 0 where none does.
 */
function listedAt_(log, row) {
  const [begin, counts] = log.slice(row, row + 2);
  if (!counts || !LIST_TIME.test(begin[1] || '')) return 0;
  const words = listWords_();
  if (!words.counts.test(counts[0])) return 0;
  let high = 2;
  const isListed = (/** @type {!Array<string>|undefined} */ line) =>
    line !== undefined && (words.kinds.includes(line[0]) || LIST_MORE.test(line[0]));
  while (high < MOST_LISTED + 3 && isListed(log[row + high])) high++;
  return high;
}
