/**
 * @fileoverview Runs that can go on without the sidebar: each person's own, by spreadsheet and
 * export, in their user properties. A cursor is sealed by the backend, for this person alone.
 */

// https://developers.google.com/apps-script/guides/services/quotas: 9 KB a value, 500 KB in all.
const KEPT_PART = 8000;
const LONGEST_KEPT = 200000;
// As long as a cursor lives: what is older is of no use to anybody.
const KEPT_MS = 7200000;
// The sidebar that steps through a run says so with each step, which takes minutes at most.
const SIDEBAR_MS = 600000;

/**
 * @typedef {{run_id: string, exporter_id: string, title: string, at: number, due: number,
 *   parts: number, scheduled?: boolean}} Kept `at` which time it was kept, `due` when nobody else is at it any more;
 *   without `parts` the cursor was too long: the run begins anew.
 */

/**
 * @param {*} step That has a cursor.
 * @param {number} due
 * @return {boolean} Whether it could be kept.
 */
function keep_(step, due) {
  const {run_id, exporter_id, title, cursor} = step;
  const name = keptName_(bookId_(), exporter_id);
  const parts = cursor.length > LONGEST_KEPT ? [] : cursor.match(/.{1,8000}/g) || [];
  const before = kept_(exporter_id);
  const scheduled = Boolean(before && before.run_id === run_id && before.scheduled);
  const kept = {run_id, exporter_id, title, at: Date.now(), due, parts: parts.length, ...(scheduled ? {scheduled} : {})};
  /** @type {!Object<string, string>} */
  const values = {[name]: JSON.stringify(kept)};
  parts.forEach((/** @type {string} */ part, /** @type {number} */ i) => (values[name + ':' + i] = part));
  const properties = PropertiesService.getUserProperties();
  try {
    properties.setProperties(values);
    return true;
  } catch (_) {
    // No room for the cursor. For the run's name there may be.
  }
  try {
    properties.setProperty(name, JSON.stringify(Object.assign(kept, {parts: 0})));
    return true;
  } catch (_) {
    return false;
  }
}

/** @return {!Array<!Kept>} This person's in this spreadsheet, the one that waits longest first. */
function allKept_() {
  const all = PropertiesService.getUserProperties().getProperties();
  const start = keptName_(bookId_(), '');
  return Object.keys(all)
    .filter((name) => name.startsWith(start) && !/:\d+$/.test(name))
    .map((name) => JSON.parse(all[name]))
    .sort((one, other) => one.due - other.due);
}

/** @param {string} exporterId @return {?Kept} */
function kept_(exporterId) {
  const text = PropertiesService.getUserProperties().getProperty(keptName_(bookId_(), exporterId));
  return text ? JSON.parse(text) : null;
}

/** @param {!Kept} kept @return {string} "" where there is none, or not all of it. */
function keptCursor_(kept) {
  const properties = PropertiesService.getUserProperties();
  const name = keptName_(bookId_(), kept.exporter_id);
  const parts = Array.from({length: kept.parts}, (_, i) => properties.getProperty(name + ':' + i));
  return parts.some((part) => part === null) ? '' : parts.join('');
}

/** @param {!Kept} kept @param {number} due When somebody else may go on with it. */
function claim_(kept, due) {
  const name = keptName_(bookId_(), kept.exporter_id);
  const claimed = JSON.stringify(Object.assign({}, kept, {due}));
  PropertiesService.getUserProperties().setProperty(name, claimed);
}

/** @param {string} exporterId Nobody looks at its run: a schedule began it. */
function scheduledRun_(exporterId) {
  const kept = kept_(exporterId);
  if (kept) claim_(Object.assign(kept, {scheduled: true}), kept.due);
}

/** @param {string} exporterId */
function forget_(exporterId) {
  const properties = PropertiesService.getUserProperties();
  const name = keptName_(bookId_(), exporterId);
  properties.getKeys()
    .filter((each) => each === name || each.startsWith(name + ':'))
    .forEach((each) => properties.deleteProperty(each));
}

/**
 * Whatever is kept for the person, in all of their spreadsheets. Only of this one can the trigger be
 * taken away; the others find nothing to do at their hour, and end.
 */
function forgetAll_() {
  const properties = PropertiesService.getUserProperties();
  properties.getKeys()
    .filter((each) => ['run:', 'open:', 'stop:', 'tables:', 'hour:trouble:', 'hour:mine:'].some((start) => each.startsWith(start)))
    .forEach((each) => properties.deleteProperty(each));
  endDispatcher_();
}

/** @param {string} book @param {string} exporterId @return {string} */
function keptName_(book, exporterId) {
  return 'run:' + book + ':' + exporterId;
}

/** @return {string} */
function bookId_() {
  return SpreadsheetApp.getActiveSpreadsheet().getId();
}
