'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const ts = require('typescript');
const {ADDON} = require('./fakes/load.js');

const pages = fs.readdirSync(ADDON).filter((name) => name.endsWith('.html'));
const text = (name) => fs.readFileSync(path.join(ADDON, name), 'utf8');
const scripts = pages.filter((name) => name.startsWith('SidebarScript'));

/** The sidebar's scripts as one program: they share a page. */
function program() {
  const declared = `
    declare const WORDS: any; declare const google: any;
    interface Element { style: any; hidden: boolean; focus(...given: any[]): void; dataset: any; }`;
  const files = Object.fromEntries(scripts.map((name) => [
    `/${name}.js`, text(name).replace(/^<script>\n/, '').replace(/<\/script>\s*$/, ''),
  ]));
  files['/declared.d.ts'] = declared;
  const options = {
    allowJs: true, checkJs: true, noEmit: true, strict: false, target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [], moduleDetection: ts.ModuleDetectionKind.Legacy,
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const source = host.getSourceFile.bind(host);
  host.fileExists = (name) => name in files || fs.existsSync(name);
  host.readFile = (name) => files[name] ?? read(name);
  host.getSourceFile = (name, ...rest) => (name in files
    ? ts.createSourceFile(name, files[name], ts.ScriptTarget.ES2022, true, name.endsWith('.js') ? ts.ScriptKind.JS : ts.ScriptKind.TS)
    : source(name, ...rest));
  return ts.createProgram(Object.keys(files), options, host);
}

test('the sidebar calls nothing that is not there', () => {
  // Names and syntax only: what elements can do is tried in a browser.
  const told = new Set([2304, 2552, 2451, 2300, 2393]);
  const made = program();
  const found = [...made.getSyntacticDiagnostics(), ...made.getSemanticDiagnostics().filter(({code}) => told.has(code))]
    .map(({file, messageText}) => `${file && file.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  assert.deepEqual(found, []);
});

test('data never becomes HTML', () => {
  for (const name of pages) {
    assert.doesNotMatch(text(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|eval\(|new Function/, name);
  }
});

test('templates print only our own files and words', () => {
  for (const name of pages) {
    for (const [scriptlet] of text(name).matchAll(/<\?[\s\S]*?\?>/g)) {
      assert.match(scriptlet, /^<\?!= (include_\('\w+'\)|wordsJson_\(\)) \?>$/, name);
    }
  }
});

test('the sidebar loads nothing from outside and talks to no console', () => {
  for (const name of pages) {
    const outside = text(name).replaceAll("xmlns='http://www.w3.org/2000/svg'", '').replaceAll("'http://www.w3.org/2000/svg'", '');
    assert.doesNotMatch(outside, /https?:\/\/[a-z]/i, name);
    assert.doesNotMatch(outside, /@import|<link|<script src|console\.|fetch\(|XMLHttpRequest|localStorage/, name);
  }
});

test('every word that the sidebar says is there, and every one that is there is said', () => {
  const rooms = fs.readdirSync(ADDON).filter((name) => /^Words\w*\.js$/.test(name));
  const source = rooms.map(text).join('\n');
  const words = new Function(`${source}; return WORDS;`)();
  const all = pages.map(text).join('\n') + fs.readdirSync(ADDON).filter((name) => name.endsWith('.js') && !rooms.includes(name)).map(text).join('\n');
  const leaves = (value, way) => (typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...way, key])) : [way]);
  const unsaid = [];
  for (const way of leaves(words, [])) {
    // Codes, states and choices are looked up by what the backend or the person says.
    const choices = ['presets', 'as_of_presets', 'cell_ends', 'layouts', 'layout_hints', 'rows_choices', 'headers_choices', 'bundles_choices',
      'make', 'choices', 'verdicts', 'compares', 'numbers_choices', 'may', 'kinds', 'causes', 'rests', 'stopped', 'titles', 'sort_ways',
      'modes', 'mode_hints', 'departed_ways', 'counts', 'news_kinds', 'matches', 'rate_sources', 'ways', 'lacks', 'how_many'];
    if (['trouble', 'old', 'states', 'state_why', 'roles', 'tabs', ...choices].some((group) => way.includes(group))) continue;
    if (!new RegExp(`(WORDS|words)[\\w.]*\\.${way.at(-1)}\\b`).test(all)) unsaid.push(way.join('.'));
  }
  assert.deepEqual(unsaid, []);
  for (const [, name] of all.matchAll(/\bWORDS((?:\.[a-z_]+)+)/g)) {
    const found = name.slice(1).split('.').reduce((value, key) => (value === undefined ? value : value[key]), words);
    assert.notEqual(found, undefined, `WORDS${name}`);
  }
  for (const name of pages) {
    for (const part of text(name).split(/\n(?=(?:async )?function )/)) {
      const home = /const words = WORDS\.([a-z_]+);/.exec(part);
      if (!home) continue;
      for (const [, key] of part.matchAll(/\bwords\.([a-z_]+)/g)) assert.ok(key in words[home[1]], `${name}: words.${key} of ${home[1]}`);
    }
  }
});

test('every colour of text is readable on what is behind it', () => {
  const tokens = Object.fromEntries([...text('SidebarStyle.html').matchAll(/--([\w-]+): (#[0-9a-f]{3,6})/g)].map(([, key, value]) => [key, value]));
  const light = (hex) => {
    const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pairs = [
    ['ink', '#fff'], ['soft', '#fff'], ['accent', '#fff'], ['soft', 'fill'], ['ink', 'bad-fill'], ['ink', 'warn-fill'],
    ['good', 'good-fill'], ['warn', 'warn-fill'], ['bad', 'bad-fill'], ['bad', '#fff'], ['accent', 'tint'],
  ];
  for (const [ink, paper] of pairs) {
    const [high, low] = [light(tokens[ink]), light(tokens[paper] || paper)].sort((a, b) => b - a);
    assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `${ink} on ${paper}`);
  }
});
