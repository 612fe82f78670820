/** One execution: seal the world, load the add-on, call one function, answer, end. */

const SERVICES = {
  Charts,
  HtmlService, LockService, PropertiesService, ScriptApp, Session, SpreadsheetApp, UrlFetchApp,
  Utilities,
};

/** What Apps Script's V8 has beside the services: the language and nothing of a browser. */
const LANGUAGE = new Set([
  'AggregateError', 'Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array',
  'Boolean', 'DataView', 'Date', 'Error', 'EvalError', 'FinalizationRegistry', 'Float32Array',
  'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'Intl', 'JSON',
  'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError',
  'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'Symbol', 'SyntaxError', 'TypeError',
  'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef',
  'WeakSet', 'WebAssembly', 'constructor', 'decodeURI', 'decodeURIComponent', 'encodeURI',
  'encodeURIComponent', 'escape', 'eval', 'globalThis', 'isFinite', 'isNaN', 'parseFloat',
  'parseInt', 'undefined', 'unescape',
]);

const load = self.importScripts.bind(self);

self.onmessage = ({data}) => {
  execution = data.execution;
  try {
    const {authMode, trigger} = execution;
    project = call('project.info', {authMode, trigger: trigger?.id ?? null});
    seal();
    if (execution.trigger) setClock(execution.trigger.at - Date.now());
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    load(...project.files);
    const functions = publicFunctions(before);
    tell({functions});
    tell({value: run(data, functions)});
  } catch (error) {
    if (project && (project.manifest.exceptionLogging ?? 'STACKDRIVER') === 'STACKDRIVER') {
      log('exception', [error]);
    }
    tell({error: described(error)});
  } finally {
    call('execution.end');
    tell({ended: true});
  }
};

function run({functionName, args, event}, functions) {
  if (functionName === null) return undefined;
  // onOpen need not exist; anything else that is called must.
  if (event && !functions.includes(functionName)) return undefined;
  if (!functions.includes(functionName)) {
    throw exception(`Script function not found: ${functionName}`);
  }
  const given = execution.trigger ? [theTriggerEvent()] : event ? [theEvent()] : JSON.parse(args);
  return jsonText(globalThis[functionName](...given));
}

/** What `onOpen(e)` is given. */
function theEvent() {
  const event = {authMode: AuthMode[execution.authMode]};
  if (execution.authMode !== 'NONE') {
    event.source = theSpreadsheet();
    event.user = new User(execution.user);
  }
  return event;
}

/** What a time trigger is given.
 * https://developers.google.com/apps-script/guides/triggers/events#time-driven_events */
function theTriggerEvent() {
  const now = new Date();
  return {
    authMode: AuthMode[execution.authMode],
    triggerUid: execution.trigger.id,
    timezone: 'UTC',
    year: now.getUTCFullYear(),
    month: now.getUTCMonth() + 1,
    'day-of-month': now.getUTCDate(),
    'day-of-week': now.getUTCDay() || 7,
    hour: now.getUTCHours(),
    minute: now.getUTCMinutes(),
    second: now.getUTCSeconds(),
  };
}

/** Takes away what only a browser has, and puts the services in its place. */
function seal() {
  for (let at = globalThis; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (!LANGUAGE.has(name)) Reflect.deleteProperty(at, name);
    }
  }
  for (const [name, value] of Object.entries({...SERVICES, console: theConsole(), Logger: theLogger()})) {
    Object.defineProperty(globalThis, name, {value, configurable: true, writable: true});
  }
}

/** The hour of a trigger is that of the clock which fired it. */
function setClock(aheadMs) {
  const Wall = Date;
  globalThis.Date = class extends Wall {
    constructor(...given) { super(...(given.length ? given : [Wall.now() + aheadMs])); }
    static now() { return Wall.now() + aheadMs; }
  };
}

/** Functions that the sidebar and the menu can reach: global ones whose name does not end in _. */
function publicFunctions(before) {
  return Object.getOwnPropertyNames(globalThis).filter((name) =>
    !before.has(name) && !name.endsWith('_') && typeof globalThis[name] === 'function');
}

/** The error as the sidebar gets it, such as "Error: No such export" or "Exception: …". */
function described(error) {
  return error instanceof Error ? String(error) : `${error}`;
}

/**
 * What goes back to the sidebar as JSON. Only numbers, booleans, strings, null, and plain objects
 * and arrays of these can.
 * https://developers.google.com/apps-script/guides/html/reference/run#myFunction(...)
 */
function jsonText(value) {
  if (value === undefined) return undefined;
  refuseIllegal(value, 'return value', []);
  return JSON.stringify(value);
}

function refuseIllegal(value, place, above) {
  if (value === null || value === undefined) return;
  if (typeof value === 'number' ? Number.isFinite(value) : /^(string|boolean)$/.test(typeof value)) {
    return;
  }
  const plain = typeof value === 'object' && !above.includes(value) &&
    (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value)));
  if (!plain) throw new TypeError(`Failed due to illegal value in property: ${place}`);
  for (const [key, inner] of Object.entries(value)) refuseIllegal(inner, key, [...above, value]);
}

function theConsole() {
  const levels = ['log', 'info', 'warn', 'error', 'debug'];
  return Object.fromEntries(levels.map((level) => [level, (...args) => log(level, args)]));
}

function theLogger() {
  const Logger = {log: (...args) => (log('log', args), Logger)};
  return Logger;
}

function log(level, args) {
  const text = args.map((one) => {
    if (one instanceof Error) return one.stack ?? String(one);
    if (typeof one !== 'object' || one === null) return String(one);
    try { return JSON.stringify(one); } catch { return String(one); }
  }).join(' ');
  call('console', {level, text});
}
