/** Loads the add-on's real files into a world of fakes, as Apps Script does: one global scope. */

'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const ADDON = path.resolve(__dirname, '../../../addon');

/** Every .js file of the add-on. */
function files() {
  return fs.readdirSync(ADDON).filter((name) => name.endsWith('.js')).sort();
}

/**
 * @param {Object} services Apps Script's globals.
 * @return {Object} The global object; its functions are the add-on's.
 */
function load(services) {
  const context = vm.createContext({...services});
  for (const name of files()) {
    const file = path.join(ADDON, name);
    vm.runInContext(fs.readFileSync(file, 'utf8'), context, {filename: 'file://' + file});
  }
  return context;
}

/** What came out of the other world, with this world's prototypes, for comparing. */
function plain(value) {
  return JSON.parse(JSON.stringify(value));
}

/** The value of a `const` in the add-on: those are in its scope, not on its global object. */
function constant(context, name) {
  return plain(vm.runInContext(name, context));
}

module.exports = {ADDON, constant, files, load, plain};
