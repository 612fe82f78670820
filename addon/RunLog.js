/**
 * @fileoverview The tab "Counterfoil log": one line for each run that nobody looked at. Lists of
 * what runs changed stand between them (News.js).
 */

const LOG_TITLE = 'Counterfoil log';
// Of ours; with the rows that the backend leaves to lists (LOG_ROWS) the tab stays under 1,000.
const MOST_LINES = 500;
const FEWER_LINES = 100; // Taken away at once, so that it is done seldom.
const LINE_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d$/;
const LINE_WIDE = 4;
const LOG_WIDTHS = [130, 180, 640, 110]; // In pixels, as the backend has them (LOG_HEAD).

/** @param {string} title Of the export. @param {string} what Came of it. @param {string} run */
function logLine_(title, what, run) {
  const lock = LockService.getDocumentLock();
  // Somebody is writing a table: that is worth more than this line.
  if (!lock.tryLock(LOCK_MS)) return;
  try {
    const book = SpreadsheetApp.getActiveSpreadsheet();
    const writer = /** @type {*} */ ({book});
    const time = Utilities.formatDate(new Date(), book.getSpreadsheetTimeZone(), 'yyyy-MM-dd HH:mm');
    const tab = logTab_(writer, LOG_TITLE);
    headedLog_(writer, tab, {titles: WORDS.log.titles, widths: LOG_WIDTHS});
    shortened_(tab, MOST_LINES, FEWER_LINES);
    const line = [time, title, what, run && say_(WORDS.log.run, {run: run})];
    const text = new Array(LINE_WIDE).fill({kind: 'text', pattern: '@'});
    writeCells_(below_(writer, tab, tab.getLastRow(), 1, LINE_WIDE), [line], text, 0);
  } catch (_) {
    // A protected or full tab must not end the hour: the sidebar says what came of the run, too.
  } finally {
    release_(lock);
  }
}

/**
 * @param {*} step A run's last.
 * @return {string} How it came out and its proof, in the words and the order of the backend's
 *   core/proof_lines.py (tests/data/log_lines.json), and what it changed in those of the sidebar.
 */
function provenOf_(step) {
  const {proof, seen} = step;
  const words = WORDS.log.proof;
  const amount = (/** @type {string} */ text) => text.replace(/^-?\d+/, counted_);
  const isKnown = (/** @type {*} */ n) => n !== null && n !== undefined;
  const told = [rowsTold_(step)];
  const tell = (/** @type {string} */ text, /** @type {*} */ n) => isKnown(n) && told.push(say_(text, {n: counted_(n)}));
  if (proof) {
    tell(words.sent, proof.sent);
    tell(words.counted, proof.counted);
    tell(words.matching, proof.of);
  }
  if (seen) tell(words.in_sheet, seen.rows);
  if (proof) {
    const totals = proof.totals || [];
    for (const {title, currency, amount: sum} of totals) told.push((title + ' ' + amount(sum) + ' ' + currency).trim());
    // Of an update that asked for changes alone the sheet knows the totals.
    if (!totals.length && seen && seen.changes && seen.changes.gone === undefined) {
      for (const {title, currency, sum, scale} of seen.totals) told.push((title + ' ' + amountTold_(sum, scale) + ' ' + (currency || '')).trim());
    }
    // A report has no list of changes, so no other line says why it was not checked.
    told.push(...tiesTold_(proof), ...[proof.why, proof.apart].filter(Boolean));
  }
  if (seen && seen.changes) told.push(changesTold_(seen.changes));
  return told.join(' · ');
}

/** @param {*} changes See `changesOf_`. @return {string} "3 new, 1 deleted in QuickBooks" */
function changesTold_(changes) {
  const {counts, none, none_of: noneOf} = WORDS.done.changes;
  const words = /** @type {!Object<string, string>} */ (counts);
  const told = Object.keys(words).filter((what) => changes[what]).map((what) => say_(words[what], {n: counted_(changes[what])}));
  // Under other columns than before nobody can tell which rows changed: that is not "nothing".
  return told.join(', ') || (changes.changed === undefined ? noneOf : none);
}

/** @param {string} sum In the smallest unit. @param {number} scale @return {string} "-1,234.50" */
function amountTold_(sum, scale) {
  const digits = sum.replace('-', '').padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return (sum[0] === '-' ? '-' : '') + counted_(whole) + (scale ? '.' + digits.slice(-scale) : '');
}

/** @param {*} n A whole number, or its text. @return {string} "1,284" */
function counted_(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * @param {!Tab} tab Its oldest lines go once there are so many.
 * @param {number} most @param {number} fewer At once.
 */
function shortened_(tab, most, fewer) {
  const last = tab.getLastRow();
  if (last < most) return;
  const rows = tab.getRange(1, 1, last, 1).getValues();
  const ours = rows.map(([time], i) => (LINE_TIME.test(String(time)) ? i + 1 : 0)).filter(Boolean);
  if (ours.length < most) return;
  ours.slice(0, Math.max(fewer, ours.length - most + 1)).reverse().forEach((row) => tab.deleteRow(row));
}

/** @return {*} {lines: [{at, title, what, run}]}, the newest first: what ran while nobody looked. */
function history() {
  return answered_(() => ({lines: logLines_()}));
}

/** @return {!Array<{at: string, title: string, what: string, run: string}>} The newest first. */
function logLines_() {
  const tab = SpreadsheetApp.getActiveSpreadsheet().getSheetByName(LOG_TITLE);
  const last = tab ? tab.getLastRow() : 0;
  if (!tab || !last) return [];
  // Between them stands what runs changed, up to two dozen rows each.
  const first = Math.max(1, last - 2999);
  return tab.getRange(first, 1, last - first + 1, LINE_WIDE).getDisplayValues()
    .filter(([time]) => LINE_TIME.test(time)).reverse().slice(0, 100)
    .map(([at, title, what, run]) => ({at, title, what, run}));
}
