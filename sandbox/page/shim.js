/**
 * `google.script` inside the add-on's HTML. The sandbox puts this in front of it, with the names
 * of the functions in place of FUNCTION_NAMES.
 * https://developers.google.com/apps-script/guides/html/reference/run
 */
(() => {
  'use strict';
  const names = FUNCTION_NAMES;
  const waiting = new Map();
  let last = 0;

  const tell = (message) => parent.postMessage(message, '*');

  // Without a connection Google's client fails at once, in these words. What has begun goes on at Google.
  const LOST = 'NetworkError: Connection failure due to HTTP 0';
  let offline = false;
  const fail = ({failure, userObject}, text, name) => {
    const error = new Error(text);
    error.name = name;
    if (failure) failure(error, userObject);
    else console.error(`Uncaught ${error}`);
  };
  addEventListener('online', () => (offline = false));
  addEventListener('offline', () => {
    offline = true;
    const lost = [...waiting.values()];
    waiting.clear();
    lost.forEach((call) => fail(call, LOST, 'NetworkError'));
  });

  function runner(success, failure, userObject) {
    const made = {
      withSuccessHandler: (handler) => runner(callable(handler), failure, userObject),
      withFailureHandler: (handler) => runner(success, callable(handler), userObject),
      withUserObject: (object) => runner(success, failure, object),
    };
    for (const name of names) {
      made[name] = (...args) => {
        const call = ++last;
        const text = jsonArguments(args);
        if (offline) return void setTimeout(() => fail({failure, userObject}, LOST, 'NetworkError'));
        waiting.set(call, {success, failure, userObject});
        tell({run: name, args: text, call});
      };
    }
    return made;
  }

  function callable(handler) {
    if (typeof handler !== 'function') throw new TypeError('The handler must be a function.');
    return handler;
  }

  /** Numbers, booleans, strings, null, plain objects and arrays of these; a form if it is alone. */
  function jsonArguments(args) {
    if (args.length === 1 && args[0] instanceof HTMLFormElement) {
      return JSON.stringify([Object.fromEntries(new FormData(args[0]))]);
    }
    args.forEach((arg, i) => refuseIllegal(arg, i, []));
    return JSON.stringify(args);
  }

  function refuseIllegal(value, place, above) {
    if (value === null || value === undefined) return;
    const kind = typeof value;
    if (kind === 'string' || kind === 'boolean' || (kind === 'number' && isFinite(value))) return;
    const plain = kind === 'object' && !above.includes(value) &&
      (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value)));
    if (!plain) throw new TypeError(`Failed due to illegal value in property: ${place}`);
    for (const key of Object.keys(value)) refuseIllegal(value[key], key, [...above, value]);
  }

  addEventListener('message', ({source, data}) => {
    if (source !== parent || !data || !waiting.has(data.call)) return;
    const {success, failure, userObject} = waiting.get(data.call);
    waiting.delete(data.call);
    if (data.error === undefined) {
      const value = data.value === undefined ? undefined : JSON.parse(data.value);
      if (success) success(value, userObject);
      return;
    }
    fail({failure, userObject}, data.error, 'ScriptError');
  });

  window.google = {
    script: {
      run: runner(null, null, undefined),
      host: {
        close: () => tell({close: true}),
        setWidth: (width) => tell({width}),
        setHeight: (height) => tell({height}),
        editor: {focus: () => tell({focus: true})},
        origin: 'https://docs.google.com',
      },
    },
  };

  // What the sidebar says is kept by the sandbox, so that tests can search it.
  const say = (level, text) => tell({say: {level, text}});
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    const shown = console[level].bind(console);
    console[level] = (...args) => {
      say(level, args.map(String).join(' '));
      shown(...args);
    };
  }
  addEventListener('error', (event) => say('error', String(event.message)));
  addEventListener('unhandledrejection', (event) => say('error', String(event.reason)));
})();
