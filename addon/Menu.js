/**
 * @fileoverview What the menu does without the sidebar: it runs exports and says by a toast how
 * that went, or opens the sidebar at the place that was asked for.
 */

const TOAST_S = 8;

/** Every export of this sheet that the person may run, one after the other. */
function refreshAll() {
  fromMenu_(({exporters, connections, sheet}) => {
    const moving = exporters.filter((/** @type {*} */ each) => !each.frozen);
    const all = moving.filter((/** @type {*} */ each) => isRunnable_(each, connections));
    if (!all.length) return exporters.length ? WORDS.menu.all_rest : noneHere_(sheet);
    const stop = Date.now() + LAST_STEP_MS;
    /** @type {?string} */
    let after = null;
    /** @type {!Array<!Outcome>} */
    const told = all.map((/** @type {*} */ each, /** @type {number} */ i) => {
      if (Date.now() >= stop) return {done: false, plain: false, text: say_(WORDS.menu.no_time, {title: each.title})};
      toast_(say_(WORDS.menu.running, {i: i + 1, n: all.length, title: each.title}));
      const together = all.slice(i + 1).map((/** @type {*} */ other) => other.id);
      const step = runNow_(each.id, pressOf_({together, after}), stop);
      if (step.update && step.update.shares) after = step.run_id;
      return outcome_(each.title, step);
    });
    const left = moving.length - all.length;
    const rest = !left ? [] : [left === 1 ? WORDS.menu.rests_too : say_(WORDS.menu.rest_too, {n: left})];
    return [...inShort_(told), ...rest].join('\n');
  });
}

/** @param {*} sheet Of `home`, where no export is the person's to see. @return {string} Why nothing runs. */
function noneHere_({lost, others: {n}}) {
  const words = WORDS.menu;
  const told = lost.map((/** @type {*} */ {company, blocks}) =>
    say_(blocks.length === 1 ? words.lost_one : words.lost_some, {n: blocks.length, company}));
  if (n) told.push(n === 1 ? words.others_one : say_(words.others_some, {n}));
  return told.length ? told.join('\n') : words.nothing;
}

/** The export whose table the selected cell is in. */
function refreshThis() {
  fromMenu_(({exporters, connections, sheet}) => {
    const block = blockHere_();
    const found = exporters.find((/** @type {*} */ each) => each.block === block);
    const lost = sheet.lost.find((/** @type {*} */ each) => each.blocks.includes(block));
    if (lost) return say_(WORDS.menu.lost, {company: lost.company});
    if (!found) return block ? WORDS.menu.not_yours : WORDS.menu.no_table;
    if (!isRunnable_(found, connections)) return say_(WORDS.menu.rests, {title: found.title});
    toast_(say_(WORDS.menu.running_one, {title: found.title}));
    return told_of_(found.title, runNow_(found.id, {}, Date.now() + LAST_STEP_MS));
  });
}

/** A new export whose table begins in the selected cell. */
function newExportHere() {
  const {cell} = pickCell();
  const why = cell ? badPlace_(cell) : null;
  openAt_({view: 'form', cell: why || !cell ? null : cell});
  toast_(why ? why.error.message : cell ? say_(WORDS.menu.form_here, {cell}) : WORDS.menu.form);
}

/** The person's companies. */
function showCompaniesHere() {
  openAt_({view: 'companies'});
  toast_(WORDS.menu.companies_open);
}

/** What to do when something does not work. */
function showHelpHere() {
  openAt_({view: 'help'});
  toast_(WORDS.menu.help_open);
}

/** @param {*} place Where the sidebar is to begin, once. */
function openAt_(place) {
  PropertiesService.getUserProperties().setProperty('open:' + bookId_(), JSON.stringify(place));
  showSidebar();
}

/** @return {*} Where the sidebar that opens now is to begin; null: at its start. */
function openedAt_() {
  const properties = PropertiesService.getUserProperties();
  const text = properties.getProperty('open:' + bookId_());
  if (text) properties.deleteProperty('open:' + bookId_());
  return text ? parse_(text) : null;
}

/** @param {function(*): string} work Given what `home` answers; what it says is said. */
function fromMenu_(work) {
  toast_(WORDS.looking);
  const here = home();
  const answer = here.error ? here : answered_(() => ({text: work(here)}));
  toast_(answer.error ? answer.error.message : answer.text);
}

/** @param {string} text */
function toast_(text) {
  SpreadsheetApp.getActiveSpreadsheet().toast(text, WORDS.name, TOAST_S);
}

/** @param {*} exporter @param {!Array<*>} connections @return {boolean} */
function isRunnable_(exporter, connections) {
  const usable = (/** @type {string} */ id) => connections.some((each) =>
    each.id === id && (each.state === 'connected' || each.state === 'suspect'));
  const {paused, run, kept, connection_ids: ids, connection_id: id} = exporter;
  return !paused && !run && !kept && (ids || [id]).every(usable);
}

/** @return {string} The table of ours that the selected cell is in; "" where it is in none. */
function blockHere_() {
  const cell = SpreadsheetApp.getActiveSpreadsheet().getCurrentCell();
  const found = cell && ourRanges_().find((each) => isInside_(each.getRange(), cell));
  return found ? found.getName() : '';
}

/**
 * One run of several: whether its table is refreshed, and whether nothing more is to be told of it.
 * @typedef {{done: boolean, plain: boolean, text: string}} Outcome
 */

/** @param {string} title @param {*} answer See `runNow_`. @return {!Outcome} */
function outcome_(title, answer) {
  const {verdict, ties} = answer.proof || {};
  const done = !answer.error && !answer.cursor && verdict !== 'FAIL';
  const agree = !(ties || []).some((/** @type {*} */ tie) => tie.verdict === 'FAIL');
  return {done, plain: done && agree, text: told_of_(title, answer)};
}

/**
 * A toast is gone in seconds: what somebody must see to comes first, and the rest is counted.
 *
 * @param {!Array<!Outcome>} told @return {!Array<string>}
 */
function inShort_(told) {
  if (told.length === 1) return [told[0].text];
  const words = WORDS.menu;
  const n = told.filter(({done}) => done).length;
  const counted = n === told.length ? words.done : n === 1 ? words.one : words.some;
  return [...told.filter(({plain}) => !plain).map(({text}) => text), ...(n ? [say_(counted, {n, of: told.length})] : [])];
}

/** @param {string} title @param {*} answer See `runNow_`. @return {string} */
function told_of_(title, answer) {
  if (answer.error) return say_(WORDS.log.failed, {title, why: answer.error.message});
  if (answer.cursor) return say_(answer.why_not || answer.kept === false ? WORDS.menu.stands : WORDS.menu.goes_on, {title});
  return title + ': ' + cameOf_(answer);
}

/** @param {*} answer Of a run's last step. @return {string} "12,480 rows, complete · 2 checks agree" */
function cameOf_(answer) {
  return [rowsTold_(answer), ...tiesTold_(answer.proof)].join(' · ');
}

/** @param {*} answer Of a run's last step. @return {string} "12,480 rows, complete" */
function rowsTold_({proof, progress, seen}) {
  // An update that marks rows sends no number: the sheet has them.
  const known = [proof && proof.rows, seen && seen.rows, progress && progress.rows];
  const rows = known.find((each) => typeof each === 'number') || 0;
  const text = rows === 1 ? WORDS.done.row : say_(WORDS.done.rows, {n: String(rows).replace(/\B(?=(\d{3})+$)/g, ',')});
  const verdict = /** @type {*} */ ({PASS: WORDS.done.complete, FAIL: WORDS.done.failed});
  return text + ', ' + ((proof && verdict[proof.verdict]) || WORDS.done.unchecked);
}

/** @param {*} proof @return {!Array<string>} "2 checks agree"; what differs or was not compared, in full. */
function tiesTold_(proof) {
  const ties = /** @type {!Array<*>} */ ((proof && proof.ties) || []);
  const words = WORDS.ties;
  const count = (/** @type {string} */ verdict) => ties.filter((tie) => tie.verdict === verdict).length;
  const told = [];
  if (count('FAIL')) told.push(count('FAIL') === 1 ? words.differs : say_(words.differ, {n: count('FAIL')}));
  if (count('PASS')) told.push(count('PASS') === 1 ? words.agrees : say_(words.agree, {n: count('PASS')}));
  if (count('NOT APPLICABLE')) told.push(say_(words.apart, {n: count('NOT APPLICABLE')}));
  const verdicts = /** @type {!Object<string, string>} */ (words.verdicts);
  const whys = ties.filter(({verdict}) => verdict !== 'PASS')
    .map(({title, verdict, why}) => say_(words.one, {title, verdict: verdicts[verdict], why}));
  return told.concat(whys);
}
