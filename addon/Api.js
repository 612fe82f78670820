/**
 * @fileoverview The one road to the backend. An answer is data: either the backend's own, or
 * `{error: {code, message, retryable}}` with a sentence that the sidebar can show as it is.
 */

const TIMEOUT_S = 120;
const WAITS_MS = [1000, 2000, 4000];

/** @typedef {{code: string, message: string, retryable: boolean, run_short?: string,
 *   run_id?: string, exporter_id?: string, ended?: boolean, may_take_over?: boolean, connection_id?: string,
 *   cells?: !Array<string>, cell?: string, report?: string,
 *   tabs?: !Array<string>, table?: {block: string, columns: string}, apart?: string}} Trouble
 *   `ended`: the run is over; `may_take_over`: somebody's run is parked, and can be given up;
 *   `cells`: what stands in them is asked for; `cell`: what stands in it will not do; `report`: a
 *   block that the backend must know, and `table` one of an update; `tabs`: what stands in them is
 *   asked for; `apart`: the total of a report that does not add up, for the person's eyes only. */

/**
 * Calls the backend as the person who is looking at the sheet.
 *
 * A refused identity is tried once more with a fresh token; a retryable 503 at most three times,
 * unless it tells that it has ended the run: to ask again for that could only hide why.
 *
 * @param {string} path For instance 'connections/ticket'.
 * @param {!Object} body What to send beside the spreadsheet's own identity.
 * @return {*} The answer, or {error}.
 */
function callBackend_(path, body) {
  const url = PropertiesService.getScriptProperties().getProperty('BACKEND_URL');
  if (!url) return trouble_('not_configured', false);
  const payload = JSON.stringify(Object.assign({spreadsheet: spreadsheet_()}, body));
  let freshened = false;
  let waits = 0;
  for (;;) {
    const token = ScriptApp.getIdentityToken();
    if (!token) return trouble_('no_identity', false);
    const response = fetch_(url.replace(/\/+$/, '') + '/' + path, token, payload);
    if (!response) return trouble_('backend_unreachable', true);
    const answer = parse_(response.getContentText());
    const status = response.getResponseCode();
    if (status === 200 && answer) return answer;
    const error = answer && answer.error;
    if (status === 401 && !freshened) {
      freshened = true;
    } else if (status === 503 && error && again_(error) && waits < WAITS_MS.length) {
      Utilities.sleep(WAITS_MS[waits++]);
    } else if (error && typeof error.code === 'string' && typeof error.message === 'string') {
      const apart = typeof answer.apart === 'string' ? {apart: answer.apart} : {};
      return withRows_({error: Object.assign(told_(error), apart)}, answer.operations);
    } else {
      return trouble_('backend_unreachable', true);
    }
  }
}

/** @param {*} error @return {boolean} */
function again_(error) {
  return error.retryable && !(error.details && error.details.ended);
}

/**
 * @param {*} error As the backend says it.
 * @return {!Trouble} What the sidebar may know of it: also which run it ended, if it did.
 */
function told_(error) {
  /** @type {!Trouble} */
  const known = {code: error.code, message: error.message, retryable: !!error.retryable};
  const details = error.details;
  if (details && details.may_take_over === true) known.may_take_over = true;
  if (details && isName_(details.connection_id)) known.connection_id = details.connection_id;
  if (details && error.code === 'cells_needed') known.cells = references_(details.cells);
  const report = details && error.code === 'block_needed' && askedReport_(details);
  if (report) known.report = report;
  const table = details && error.code === 'block_needed' && askedBlock_(details);
  if (table) known.table = table;
  const tabs = details && error.code === 'tabs_needed' && askedTabs_(details);
  if (tabs) known.tabs = tabs;
  if (details && references_(details.cell).length === 1) known.cell = details.cell;
  if (!details || details.ended !== true) return known;
  const names = ['run_id', 'run_short', 'exporter_id'].filter((name) => isName_(details[name]));
  return Object.assign(known, {ended: true},
    Object.fromEntries(names.map((name) => [name, details[name]])));
}

/**
 * @param {string} url
 * @param {string} token
 * @param {string} payload
 * @return {?GoogleAppsScript.URL_Fetch.HTTPResponse} null when there was no answer at all.
 */
function fetch_(url, token, payload) {
  // The types do not know timeoutSeconds yet; without it a call may hang for six minutes.
  const options = /** @type {!GoogleAppsScript.URL_Fetch.URLFetchRequestOptions} */ ({
    method: 'post',
    contentType: 'application/json',
    headers: {Authorization: 'Bearer ' + token},
    payload: payload,
    muteHttpExceptions: true,
    followRedirects: false,
    timeoutSeconds: TIMEOUT_S,
  });
  try {
    return UrlFetchApp.fetch(url, options);
  } catch (_) {
    return null; // Its text names the address and nothing that would help the person.
  }
}

/**
 * @param {string} text
 * @return {*} What the JSON says, null for anything else (a proxy's HTML page, say).
 */
function parse_(text) {
  try {
    return JSON.parse(text);
  } catch (_) {
    return null;
  }
}

/**
 * @param {keyof typeof WORDS.trouble} code
 * @param {boolean} retryable
 * @return {{error: !Trouble}}
 */
function trouble_(code, retryable) {
  return {error: {code: code, message: WORDS.trouble[code], retryable: retryable}};
}

/** @return {{id: string, key: string, time_zone: string, locale: string}} */
function spreadsheet_() {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  return {
    id: book.getId(),
    key: sheetKey_(),
    time_zone: book.getSpreadsheetTimeZone(),
    locale: book.getSpreadsheetLocale(),
  };
}

/**
 * The 256 bits that stand for this spreadsheet towards the backend. Made once; a copy of the
 * spreadsheet gets its own. Never returned to the sidebar, never in a cell, never logged.
 *
 * @return {string} 64 hex digits.
 */
function sheetKey_() {
  const properties = PropertiesService.getDocumentProperties();
  const known = properties.getProperty('sheetKey');
  if (known) return known;
  const lock = LockService.getDocumentLock();
  lock.waitLock(LOCK_MS);
  try {
    const meanwhile = properties.getProperty('sheetKey');
    if (meanwhile) return meanwhile;
    const chance = [1, 2, 3, 4].map(() => Utilities.getUuid()).join('');
    const key = hex_(Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, chance));
    properties.setProperty('sheetKey', key);
    return key;
  } finally {
    lock.releaseLock();
  }
}

/**
 * @param {!Array<number>} bytes Signed, as Apps Script has them.
 * @return {string}
 */
function hex_(bytes) {
  return bytes.map((byte) => (byte & 255).toString(16).padStart(2, '0')).join('');
}
