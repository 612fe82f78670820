/** Apps Script's services for one test: a spreadsheet in memory and a backend that the test writes. */

'use strict';

const crypto = require('node:crypto');
const {Book, formatDate} = require('./spreadsheet.js');

const signed = (bytes) => Array.from(bytes, (byte) => (byte > 127 ? byte - 256 : byte));

/**
 * @param {Object} options `zone`; `backend(path, body)` gives [status, text or object], or throws;
 *   `token` null for a person whom Google does not name; `locked` when someone else is writing.
 */
function services(options = {}) {
  const book = new Book(options);
  const properties = {document: new Map(), user: new Map(), script: new Map([['BACKEND_URL', 'https://backend.test/']])};
  const seen = {requests: [], slept: [], tokens: 0, locks: 0, flushedBeforeRelease: [], formatted: 0, menu: []};
  let locked = false;
  let dirty = false;
  // https://developers.google.com/apps-script/guides/services/quotas
  const kept = (of, values) => {
    const after = new Map([...properties[of], ...Object.entries(values)]);
    const sizes = [...after].map(([key, value]) => key.length + value.length);
    if (Math.max(...sizes) > 9216 || sizes.reduce((a, b) => a + b) > 512000) throw new Error('Argument too large');
    properties[of] = after;
  };
  const store = (of) => ({
    getProperty: (key) => properties[of].get(key) ?? null,
    setProperty: (key, value) => kept(of, {[key]: value}),
    getProperties: () => Object.fromEntries(properties[of]),
    setProperties: (values) => kept(of, values),
    deleteProperty: (key) => properties[of].delete(key),
    getKeys: () => [...properties[of].keys()],
  });
  const triggers = [];
  const trigger = (handler, hours) => ({
    hours, getHandlerFunction: () => handler, getUniqueId: () => `uid-${handler}-${hours}`,
  });
  const menu = {
    addItem: (caption, name) => { seen.menu.push([caption, name]); return menu; },
    addToUi: () => {},
  };
  const world = {
    SpreadsheetApp: {
      CopyPasteType: {PASTE_VALUES: 'PASTE_VALUES'},
      Dimension: {ROWS: 'ROWS'},
      ProtectionType: {RANGE: 'RANGE', SHEET: 'SHEET'},
      DeveloperMetadataVisibility: {DOCUMENT: 'DOCUMENT'},
      getActiveSpreadsheet: () => { dirty = locked; return book; },
      flush: () => { book.called('flush'); dirty = false; },
      getUi: () => ({createAddonMenu: () => menu}),
    },
    PropertiesService: {
      getDocumentProperties: () => store('document'),
      getUserProperties: () => store('user'),
      getScriptProperties: () => store('script'),
    },
    LockService: {
      getDocumentLock: () => ({
        tryLock: () => { seen.locks++; return (locked = !options.locked); },
        waitLock: () => { seen.locks++; locked = true; },
        releaseLock: () => { seen.flushedBeforeRelease.push(!dirty); locked = false; },
      }),
    },
    ScriptApp: {
      getIdentityToken: () => (options.token === null ? null : `token-${++seen.tokens}`),
      getUserTriggers: () => [...triggers],
      deleteTrigger: (old) => triggers.splice(triggers.indexOf(old), 1),
      newTrigger: (handler) => ({timeBased: () => ({everyHours: (hours) => ({create: () => {
        if (options.noTrigger) throw new Error(options.noTrigger);
        triggers.push(trigger(handler, hours));
        return triggers.at(-1);
      }})})}),
    },
    Utilities: {
      DigestAlgorithm: {SHA_256: 'SHA_256'},
      sleep: (ms) => seen.slept.push(ms),
      getUuid: () => crypto.randomUUID(),
      computeDigest: (_, text) => signed(crypto.createHash('sha256').update(text).digest()),
      computeHmacSha256Signature: (value, key) => {
        const bytes = (list) => Buffer.from(list.map((byte) => byte & 255));
        return signed(crypto.createHmac('sha256', bytes(key)).update(bytes(value)).digest());
      },
      newBlob: (text) => ({getBytes: () => signed(Buffer.from(text, 'utf8'))}),
      formatDate: (...given) => { seen.formatted++; return formatDate(...given); },
    },
    UrlFetchApp: {
      fetch: (url, request) => {
        const body = JSON.parse(request.payload);
        seen.requests.push({url, request, body});
        const [status, answer] = options.backend(url.replace('https://backend.test/', ''), body, seen);
        const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
        return {getResponseCode: () => status, getContentText: () => text};
      },
    },
  };
  return {book, properties, seen, triggers, world};
}

module.exports = {services};
