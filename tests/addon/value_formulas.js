'use strict';
/** Reads [{table, asked}] from stdin and writes the formula that "Insert a value" makes for each; null for none. */

const {load} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

const {world} = services({backend: () => [200, {}]});
const addon = load(world);
const told = JSON.parse(require('node:fs').readFileSync(0, 'utf8')).map(({asked, printed, titles, rows}) => {
  if (printed) return addon.printedFormula_(asked, printed);
  const at = Object.fromEntries(titles.map((title, i) => [title, i]));
  return addon.tidyFormula_(asked, {rows: rows.map((row) => row.map(String)), at});
});
process.stdout.write(JSON.stringify(told));
