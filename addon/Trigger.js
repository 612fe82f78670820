/**
 * @fileoverview One hourly dispatcher per person and spreadsheet, as add-ons may have: it goes on
 * with what the sidebar left behind. https://developers.google.com/workspace/add-ons/concepts/
 * editor-triggers
 */

const HOUR_MS = 3600000;
// A step takes two minutes at most, its writing half a minute more, and Apps Script six in all.
const LAST_STEP_MS = 200000;
const SILENT_MS = 3 * HOUR_MS; // Google calls within two hours, or not any more.
const LONGEST_PARK_S = 7200; // As the backend takes it.
const TROUBLE_MS = 86400000;

/**
 * What Google calls once an hour. Called by hand it does the same, for whoever calls it.
 *
 * @param {*} event Its `triggerUid` tells which trigger it was.
 * @return {*} {ok: true}
 */
function onHour(event) {
  return answered_(() => {
    const began = Date.now();
    const uid = isObject_(event) && isText_(event.triggerUid) ? event.triggerUid : '';
    const book = SpreadsheetApp.getActiveSpreadsheet();
    if (!book || isOfAnother_(book.getId(), uid)) {
      blind_(uid);
      return trouble_('no_spreadsheet', false);
    }
    const properties = PropertiesService.getUserProperties();
    properties.setProperty(hourName_('fired', book.getId()), String(began));
    properties.deleteProperty(hourName_('trouble', book.getId()));
    const stop = began + LAST_STEP_MS;
    for (const kept of allKept_().filter(({due}) => due <= began)) {
      if (Date.now() < stop) goOnUntil_(kept, stop);
    }
    if (scheduled_()) runDue_(stop);
    endDispatcher_();
    return {ok: true};
  });
}

/**
 * Sees to it that Google calls `onHour` here. A trigger that is there and calls no more (a new deployment
 * disables those of the old one, and no method tells) is replaced.
 *
 * @return {?string} null, or why it will not, in a sentence.
 */
function ensureDispatcher_() {
  const properties = PropertiesService.getUserProperties();
  const book = SpreadsheetApp.getActiveSpreadsheet();
  try {
    const all = dispatchers_();
    const found = fired_() && isSilent_() ? undefined : all[0];
    all.filter((each) => each !== found).forEach((each) => ScriptApp.deleteTrigger(each));
    const trigger = found || ScriptApp.newTrigger('onHour').timeBased().everyHours(1).create();
    properties.setProperty(hourName_('uid', book.getId()), trigger.getUniqueId());
    if (!found || !fired_()) properties.setProperty(hourName_('fired', book.getId()), String(Date.now()));
    return null;
  } catch (error) {
    const full = /too many triggers/i.test(String(error));
    return full ? WORDS.hourly.too_many : WORDS.hourly.refused;
  }
}

/** @return {?string} Of who has schedules here that no trigger runs any more: why there is no new one. */
function wokenDispatcher_() {
  const why = scheduled_() && isSilent_() ? ensureDispatcher_() : null;
  if (!why) return null;
  return WORDS.trouble[why === WORDS.hourly.too_many ? 'too_many_triggers' : 'no_trigger'];
}

/** @return {number} When Google called last, or the trigger was made; 0 where neither is known. */
function fired_() {
  return Number(PropertiesService.getUserProperties().getProperty(hourName_('fired', bookId_()))) || 0;
}

/** @return {boolean} */
function isSilent_() {
  return Date.now() - fired_() > SILENT_MS;
}

/** Takes the dispatcher away where nothing is left for it: people have 20 in all their sheets. */
function endDispatcher_() {
  const properties = PropertiesService.getUserProperties();
  const name = hourName_('uid', bookId_());
  if (!properties.getProperty(name) || allKept_().length || scheduled_()) return;
  dispatchers_().forEach((each) => ScriptApp.deleteTrigger(each));
  properties.deleteProperty(name);
  properties.deleteProperty(hourName_('fired', bookId_()));
  properties.deleteProperty(hourName_('mine', bookId_()));
}

/** @return {boolean} The person had schedules here when it was last looked. */
function scheduled_() {
  return Number(PropertiesService.getUserProperties().getProperty(hourName_('mine', bookId_()))) > 0;
}

/**
 * What is due, the longest waiting first. One call of the backend where nothing is.
 *
 * @param {number} stop When no further step may begin.
 */
function runDue_(stop) {
  const answer = callBackend_('exporters/due', {});
  if (answer.error) return noteTrouble_(bookId_(), say_(WORDS.hourly.none_ran, {why: answer.error.message}), '');
  PropertiesService.getUserProperties().setProperty(hourName_('mine', bookId_()), String(answer.mine));
  /** @type {?string} */
  let after = null;
  for (const [i, {id, title}] of answer.due.entries()) {
    if (Date.now() >= stop) return;
    const together = answer.due.slice(i + 1).map((/** @type {*} */ each) => each.id);
    const step = runNow_(id, Object.assign({scheduled: true}, pressOf_({together, after})), stop);
    if (step.update && step.update.shares) after = step.run_id;
    if (step.error) noteTrouble_(bookId_(), say_(WORDS.log.failed, {title, why: step.error.message}), id);
    toldLog_(title, step);
  }
}

/** @param {string} title @param {*} step A run's last, or {error}; a run that goes on says nothing. */
function toldLog_(title, step) {
  if (step.error) logLine_(title, step.error.message, step.error.run_short || '');
  else if (!step.cursor) logLine_(title, provenOf_(step), step.run_short);
}

/**
 * An export from its first step on, while there is time; what is left is parked for the next hour.
 *
 * @param {string} id @param {*} asked @param {number} stop
 * @return {*} The last step; with a cursor it goes on by itself; {error}.
 */
function runNow_(id, asked, stop) {
  const first = step_(callWithCells_('export/exporters/' + id + '/run', asked), false);
  if (!first.error && first.cursor && asked.scheduled) scheduledRun_(id);
  const last = stepsUntil_(first, stop);
  // Only the first step sees to a trigger, so only it knows that there is none.
  return last.error || !last.cursor ? last : Object.assign(last, {why_not: first.why_not || null});
}

/** @param {*} answer The step before. @param {number} stop @return {*} See `runNow_`. */
function stepsUntil_(answer, stop) {
  while (!answer.error && answer.cursor) {
    const waitMs = answer.wait_s * 1000;
    if (Date.now() + waitMs >= stop) return park_(answer);
    if (waitMs) Utilities.sleep(waitMs);
    answer = step_(callWithCells_('export/steps', {cursor: answer.cursor}), true);
  }
  return answer;
}

/** @return {!Array<GoogleAppsScript.Script.Trigger>} This person's in this spreadsheet. */
function dispatchers_() {
  return ScriptApp.getUserTriggers(SpreadsheetApp.getActiveSpreadsheet())
    .filter((each) => each.getHandlerFunction() === 'onHour');
}

/**
 * Step after step while there is time; what is left is parked for the next hour.
 *
 * @param {!Kept} kept @param {number} stop When no further step may begin.
 */
function goOnUntil_(kept, stop) {
  const answer = stepsUntil_(goOnOnce_(kept), stop);
  if (answer.error) stuck_(kept, answer.error);
  if (kept.scheduled) toldLog_(kept.title, answer);
}

/** @param {!Kept} kept @param {*=} turn @return {*} See `stepOrStopped_`. */
function goOnOnce_(kept, turn) {
  claim_(kept, Date.now() + SIDEBAR_MS);
  const cursor = keptCursor_(kept);
  if (cursor) return stepOrStopped_(callWithCells_('export/steps', {cursor: cursor}), true, turn);
  const path = 'export/exporters/' + kept.exporter_id + '/run';
  const asked = kept.scheduled ? {take_over: true, scheduled: true} : {take_over: true};
  return stepOrStopped_(callWithCells_(path, asked), false, turn);
}

/**
 * Others are told when it goes on, and may take it over.
 *
 * @param {*} step @return {*} The same, or {error} where the backend lets it go on no longer.
 */
function park_(step) {
  const now = Date.now();
  const next = nextHour_(now + step.wait_s * 1000);
  const left = {run_id: step.run_id, wait_s: Math.min(LONGEST_PARK_S, Math.ceil((next - now) / 1000))};
  // Asked for again each hour, also within a longer pause: the answer's cursor lives two hours more.
  keep_(step, now);
  const {error} = callBackend_('runs/park', left);
  if (!error || !error.ended) return step;
  dropped_(step.run_id);
  over_(step.exporter_id);
  return {error: error};
}

/**
 * Why a run did not go on is said in the sidebar; it is tried again next hour, unless it is over.
 *
 * @param {!Kept} kept @param {!Trouble} error
 */
function stuck_(kept, error) {
  const why = say_(WORDS.hourly.stuck, {title: kept.title, why: error.message});
  noteTrouble_(bookId_(), why, kept.exporter_id);
  const isOver = error.ended || error.code === 'not_found' || Date.now() - kept.at > KEPT_MS;
  if (isOver) forget_(kept.exporter_id);
  else claim_(kept, Date.now());
}

/** @param {number} after @return {number} The next time after it at which Google may call. */
function nextHour_(after) {
  const fired = fired_() || Date.now();
  return fired + Math.max(1, Math.ceil((after - fired) / HOUR_MS)) * HOUR_MS;
}

/** @param {string} id @param {string} uid @return {boolean} The trigger was made elsewhere. */
function isOfAnother_(id, uid) {
  const home = uid ? bookOf_(uid) : '';
  return home !== '' && home !== id;
}

/** @param {string} uid What it should have gone on with cannot be reached: that is all we can say. */
function blind_(uid) {
  const id = uid ? bookOf_(uid) : '';
  if (id) noteTrouble_(id, WORDS.trouble.no_spreadsheet, '');
}

/** @param {string} uid @return {string} The id of the spreadsheet in which that trigger was made. */
function bookOf_(uid) {
  const all = PropertiesService.getUserProperties().getProperties();
  const start = hourName_('uid', '');
  const name = Object.keys(all).find((each) => each.startsWith(start) && all[each] === uid);
  return name ? name.slice(start.length) : '';
}

/** @param {string} id @param {string} why A sentence for the person. @param {string} exporterId Or "". */
function noteTrouble_(id, why, exporterId) {
  const text = [Date.now(), exporterId, why.slice(0, 1000)].join(' ');
  PropertiesService.getUserProperties().setProperty(hourName_('trouble', id), text);
}

/** @param {string} exporterId It has just run well, by whatever hand. */
function noTrouble_(exporterId) {
  const properties = PropertiesService.getUserProperties();
  const name = hourName_('trouble', bookId_());
  const [, troubled] = (properties.getProperty(name) || '').split(' ');
  if (troubled === exporterId) properties.deleteProperty(name);
}

/** @return {?string} What the last hourly call came to grief with; for a day, as it may have been the last there is. */
function hourlyTrouble_() {
  const text = PropertiesService.getUserProperties().getProperty(hourName_('trouble', bookId_())) || '';
  const [at, , ...why] = text.split(' ');
  return Date.now() - Number(at) < TROUBLE_MS ? why.join(' ') : null;
}

/** @param {string} what @param {string} id @return {string} */
function hourName_(what, id) {
  return 'hour:' + what + ':' + id;
}
