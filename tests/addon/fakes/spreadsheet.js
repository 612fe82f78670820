/**
 * SpreadsheetApp over a grid in memory, as pessimistic as design.md wants: setValues parses whatever
 * looks like a formula, a number, a date or a boolean, unless the cell is text; a leading = is
 * dangerous even then. Only what the add-on uses is here; anything else is a TypeError.
 */

'use strict';

const EPOCH = Date.UTC(1899, 11, 30);

class Book {
  /** @param {{zone?: string}} options `zone` of the spreadsheet. */
  constructor(options = {}) {
    this.zone = options.zone || 'UTC';
    this.tabs = [];
    this.names = new Map();
    this.toasts = [];
    this.calls = [];
    this.refuse = null; // a method's name that fails
    this.active = this.tab('Sheet1');
    this.current = [1, 1]; // the selected cell
    this.metadata = [];
  }

  tab(name, at = this.tabs.length) {
    const tab = new Tab(this, name);
    this.tabs.splice(at, 0, tab);
    return tab;
  }
  named(name) { return this.tabs.find((tab) => tab.name === name); }

  toast(text) { this.toasts.push(text); }
  getId() { return 'book-1'; }
  getSpreadsheetTimeZone() { return this.zone; }
  getSpreadsheetLocale() { return 'en_US'; }
  getSheets() { return [...this.tabs]; }
  getNumSheets() { return this.tabs.length; }
  getSheetByName(name) { return this.named(name) || null; }
  getActiveSheet() { return this.active; }
  getCurrentCell() { return this.active.getRange(...this.current); }
  setActiveSheet(tab) { return (this.active = tab); }
  insertSheet(name, index) {
    this.called('insertSheet');
    if (this.tabs.some((tab) => tab.name.toLowerCase() === name.toLowerCase())) {
      throw new Error(`A sheet with the name "${name}" already exists.`);
    }
    return (this.active = this.tab(name, index));
  }
  deleteSheet(tab) { this.tabs.splice(this.tabs.indexOf(tab), 1); }
  getRangeByName(name) {
    const found = this.names.get(name);
    return found && this.tabs.includes(found.tab) ? found : null;
  }
  setNamedRange(name, range) { this.names.set(name, range); }
  getNamedRanges() {
    return [...this.names].map(([name, range]) => ({getName: () => name, getRange: () => range}));
  }
  createDeveloperMetadataFinder() { return finder(this.tabs.flatMap((tab) => tab.metadata)); }
  getDeveloperMetadata() { return [...this.metadata]; }
  addDeveloperMetadata(key, value, visibility) { addMetadata(this.metadata, key, value, visibility); }
  called(method) {
    if (this.refuse === method) throw new Error('Service Spreadsheets failed: protected, ask ben@example.com');
    this.calls.push(method);
  }
}

class Tab {
  constructor(book, name) {
    Object.assign(this, {book, name, rows: 20, columns: 6, hidden: false, frozen: 0, metadata: []});
    this.cells = new Map(); // "row,column" from 1 -> {value, formula, format, weight, note}
    this.widths = new Map();
  }
  cell(row, column) {
    const key = `${row},${column}`;
    if (!this.cells.has(key)) {
      this.cells.set(key, {value: '', formula: '', format: '', weight: 'normal', note: ''});
    }
    return this.cells.get(key);
  }
  getName() { return this.name; }
  setName(name) { this.name = name; return this; }
  getSheetId() { return this.book.tabs.indexOf(this); }
  getFilter() { return null; }
  getProtections() { return []; }
  getMaxRows() { return this.rows; }
  getMaxColumns() { return this.columns; }
  getLastRow() { return this.last(0); }
  getLastColumn() { return this.last(1); }
  last(axis) {
    const filled = [...this.cells].filter(([, cell]) => cell.value !== '' || cell.formula);
    return Math.max(0, ...filled.map(([key]) => Number(key.split(',')[axis])));
  }
  insertRowsAfter(_, count) { this.rows += count; return this; }
  insertColumnsAfter(_, count) { this.columns += count; return this; }
  deleteRow(row) {
    const rows = [...this.cells].map(([key, cell]) => [...key.split(',').map(Number), cell]);
    this.cells = new Map(rows.filter(([at]) => at !== row).map(([at, column, cell]) => [`${at > row ? at - 1 : at},${column}`, cell]));
    this.rows--;
  }
  hideSheet() { this.hidden = true; return this; }
  activate() { this.book.active = this; return this; }
  getFrozenRows() { return this.frozen; }
  setFrozenRows(rows) { this.frozen = rows; }
  setColumnWidth(column, width) { this.widths.set(column, width); }
  getRange(row, column, rows = 1, columns = 1) {
    const inside = row >= 1 && column >= 1 && rows >= 1 && columns >= 1 &&
      row + rows - 1 <= this.rows && column + columns - 1 <= this.columns;
    if (!inside) throw new Error('The coordinates of the range are outside the dimensions of the sheet.');
    return new Range(this, row, column, rows, columns);
  }
  getRangeList(a1s) {
    const ranges = a1s.map((a1) => {
      const [, letters, row] = /^([A-Z]+)(\d+)$/.exec(a1);
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
      return this.getRange(Number(row), column);
    });
    return {setNumberFormat: (format) => ranges.forEach((range) => range.setNumberFormat(format))};
  }
  getDeveloperMetadata() { return [...this.metadata]; }
  createDeveloperMetadataFinder() { return finder(this.metadata); }
  addDeveloperMetadata(key, value, visibility) { addMetadata(this.metadata, key, value, visibility, this); }
}

/** @param {?Tab=} tab Where it is; none: on the spreadsheet. */
function addMetadata(all, key, value, visibility, tab) {
  all.push({
    key, value, visibility,
    getLocation: () => ({getSheet: () => tab}),
    remove() { all.splice(all.indexOf(this), 1); },
    getKey: () => key,
    getValue() { return this.value; },
    setValue(text) { this.value = text; },
  });
}

class Range {
  constructor(tab, row, column, rows, columns) {
    Object.assign(this, {tab, row, column, rows, columns});
  }
  getSheet() { return this.tab; }
  getValue() { return this.getValues()[0][0]; }
  getRow() { return this.row; }
  getColumn() { return this.column; }
  getNumRows() { return this.rows; }
  getNumColumns() { return this.columns; }
  getA1Notation() {
    let letters = '';
    for (let rest = this.column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
    }
    return letters + this.row;
  }
  isBlank() { return this.getValues().every((row) => row.every((value) => value === '')); }
  getMergedRanges() { return []; }
  each(act) {
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.columns; j++) act(this.tab.cell(this.row + i, this.column + j), i, j);
    }
    return this;
  }
  setNumberFormat(format) { return this.each((cell) => (cell.format = format)); }
  setFormula(text) { return this.each((cell) => Object.assign(cell, {formula: text, value: ''})); }
  setFontWeight(weight) { return this.each((cell) => (cell.weight = weight)); }
  setNote(text) { return this.each((cell) => (cell.note = text)); }
  activate() { this.tab.book.selected = this; this.tab.activate(); return this; }
  setValues(values) {
    this.tab.book.called('setValues');
    if (values.length !== this.rows || values.some((row) => row.length !== this.columns)) {
      throw new Error('The number of rows in the data does not match the number of rows in the range.');
    }
    return this.each((cell, i, j) => Object.assign(cell, entered(values[i][j], cell.format)));
  }
  getDisplayValue() { return this.getDisplayValues()[0][0]; }
  getDisplayValues() { return this.getValues().map((row) => row.map(String)); }
  getValues() {
    this.tab.book.called('getValues');
    const values = Array.from({length: this.rows}, () => []);
    this.each((cell, i) => values[i].push(read(cell, this.tab.book.zone)));
    return values;
  }
  getFormulas() {
    const formulas = Array.from({length: this.rows}, () => []);
    this.each((cell, i) => formulas[i].push(cell.formula));
    return formulas;
  }
  copyTo(to, type, transposed) {
    this.tab.book.called('copyTo');
    if (type !== 'PASTE_VALUES' || transposed !== false) throw new Error('Only values are copied.');
    if (to.rows !== this.rows || to.columns !== this.columns) throw new Error('Sizes differ.');
    to.each((cell, i, j) => {
      const {value} = this.tab.cell(this.row + i, this.column + j);
      Object.assign(cell, {value, formula: ''});
    });
  }
}

function finder(items) {
  return {find: () => [...items], withKey: (key) => finder(items.filter((each) => each.key === key))};
}

/** What `setValues` makes of a value in a cell of that number format. */
function entered(value, format) {
  if (typeof value !== 'string') return {value, formula: ''};
  if (value.startsWith('=')) return {value: '#ERROR!', formula: value};
  if (value.startsWith("'")) return {value: value.slice(1), formula: ''};
  if (format === '@' || value === '') return {value, formula: ''};
  if (/^[+@-]/.test(value) && !/^[+-]?[\d.]+$/.test(value)) return {value: '#ERROR!', formula: '=' + value};
  if (/^(true|false)$/i.test(value)) return {value: /true/i.test(value), formula: ''};
  if (value.trim() !== '' && !isNaN(Number(value))) return {value: Number(value), formula: ''};
  if (/^\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?$/.test(value)) return {value: 46000, formula: '', format: 'yyyy-mm-dd'};
  return {value, formula: ''};
}

/** A number in a cell with a date's format is a Date, as getValues gives it. */
function read(cell, zone) {
  if (typeof cell.value !== 'number' || !/[ymdhs]/.test(cell.format)) return cell.value;
  return new Date(moment(cell.value, zone));
}

/** The moment at which clocks in `zone` show a serial; in a gap of theirs, the moment after it. */
function moment(serial, zone) {
  const wall = EPOCH + Math.round(serial * 86400) * 1000;
  const [early, late] = [-864e5, 864e5].map((days) => wall - offset(wall + days, zone));
  if (late + offset(late, zone) === wall) return late;
  return early;
}

function offset(time, zone) {
  return Date.parse(formatDate(new Date(time), zone, '') + 'Z') - Math.floor(time / 1000) * 1000;
}

/** Utilities.formatDate for the two patterns that the add-on uses. */
function formatDate(date, zone, pattern) {
  const part = Object.fromEntries(new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(date).map(({type, value}) => [type, value]));
  if (pattern === 'yyyy-MM-dd') return `${part.year}-${part.month}-${part.day}`;
  if (pattern === 'yyyy-MM-dd HH:mm') return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

module.exports = {Book, formatDate};
