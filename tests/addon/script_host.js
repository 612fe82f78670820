/**
 * Runs executions of the add-on as the sandbox's page does, each in a fresh world, but in Node: the
 * same runtime over the same services, asked for over a pipe instead of HTTP. tests/script_host.py
 * is at the other end, one JSON text per line.
 */

'use strict';

const fs = require('node:fs');
const vm = require('node:vm');

/** By path, which names the version too: compiled once for all executions. */
const scripts = new Map();

const END = '\n'.charCodeAt(0);
const BLOCK = 1 << 16;
let waiting = Buffer.alloc(0);

/** @return {*} The next line; the process ends with the other one. */
function heard() {
  for (;;) {
    const end = waiting.indexOf(END);
    if (end >= 0) {
      const line = waiting.subarray(0, end).toString('utf8');
      waiting = waiting.subarray(end + 1);
      return JSON.parse(line);
    }
    const block = Buffer.alloc(BLOCK);
    const size = fs.readSync(0, block, 0, BLOCK, null);
    if (!size) process.exit(0);
    waiting = Buffer.concat([waiting, block.subarray(0, size)]);
  }
}

function say(what) {
  const text = Buffer.from(JSON.stringify(what) + '\n');
  for (let at = 0; at < text.length;) at += fs.writeSync(1, text, at);
}

function asked(method, path, body) {
  say({method, path, body});
  return heard();
}

/** As far as the runtime uses it. */
class XMLHttpRequest {
  open(method, path) { [this.method, this.path] = [method, path]; }
  setRequestHeader() {}
  send(body) {
    const {status, text} = asked(this.method, this.path, body);
    [this.status, this.responseText] = [status, text];
  }
}

/**
 * @param {?number} now What the clock says there, in milliseconds; null for the real one.
 * @return {Object} What a web worker has of a browser and the runtime takes from it.
 */
function world(now) {
  const scope = vm.createContext({
    XMLHttpRequest, TextDecoder, TextEncoder, atob, btoa, crypto, postMessage: say,
    importScripts: (...paths) => paths.forEach((path) => script(path).runInContext(scope)),
  });
  vm.runInContext('globalThis.self = globalThis;', scope);
  if (now !== null) {
    vm.runInContext(`{
      const Wall = Date, ahead = ${Number(now)} - Wall.now();
      globalThis.Date = class extends Wall {
        constructor(...given) { super(...(given.length ? given : [Wall.now() + ahead])); }
        static now() { return Wall.now() + ahead; }
      };
    }`, scope);
  }
  return scope;
}

/** @param {string} path @return {vm.Script} */
function script(path) {
  if (!scripts.has(path)) {
    scripts.set(path, new vm.Script(asked('GET', path, '').text, {filename: path}));
  }
  return scripts.get(path);
}

const runtime = script('/page/runtime.js');
for (;;) {
  const order = heard();
  const scope = world(order.now);
  runtime.runInContext(scope);
  try {
    scope.onmessage({data: order});
  } catch (_) {
    say({ended: true}); // It was killed: nobody takes its last words.
  }
}
