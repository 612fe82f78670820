/** SpreadsheetApp and what hangs on the spreadsheet itself.
 * https://developers.google.com/apps-script/reference/spreadsheet/spreadsheet */

const DeveloperMetadataVisibility =
  enumeration('DeveloperMetadataVisibility', ['DOCUMENT', 'PROJECT']);

class Spreadsheet {
  get typeName() { return 'SpreadsheetApp.Spreadsheet'; }
  toString() { return 'Spreadsheet'; }

  getId() { return execution.spreadsheet; }
  getName() { return call('book.info').name; }
  getUrl() { return call('book.info').url; }
  getSpreadsheetTimeZone() { return call('book.info').timeZone; }
  getSpreadsheetLocale() { return call('book.info').locale; }

  getSheets() { return call('book.sheets').map(({id}) => new Sheet(id)); }
  getNumSheets() { return call('book.sheets').length; }
  getSheetByName(name) {
    check('SpreadsheetApp.Spreadsheet.getSheetByName', arguments, ['String']);
    const found = call('book.sheets').find((sheet) => sheet.name === name);
    return found ? new Sheet(found.id) : null;
  }
  getSheetById(id) {
    check('SpreadsheetApp.Spreadsheet.getSheetById', arguments, ['number']);
    return call('book.sheets').some((sheet) => sheet.id === id) ? new Sheet(id) : null;
  }

  insertSheet(name, sheetIndex) {
    check('SpreadsheetApp.Spreadsheet.insertSheet', arguments,
      [], ['String'], ['number'], ['String', 'number']);
    const [title, index] = typeof name === 'number' ? [null, name] : [name ?? null, sheetIndex];
    const after = call('book.sheets').findIndex(({id}) => id === activeSheetId());
    const sheet = new Sheet(
      call('book.insertSheet', {name: title, index: whole(index ?? after + 1)}));
    // A new sheet becomes the active one, for the person who looks at it as well.
    return this.setActiveSheet(sheet);
  }
  deleteSheet(sheet) {
    check('SpreadsheetApp.Spreadsheet.deleteSheet', arguments, [Sheet]);
    call('book.deleteSheet', {sheet: sheet.getSheetId()});
  }

  getActiveSheet() { return new Sheet(activeSheetId()); }
  setActiveSheet(sheet) {
    check('SpreadsheetApp.Spreadsheet.setActiveSheet', arguments, [Sheet], [Sheet, 'Boolean']);
    if (sheet.getSheetId() !== execution.active.sheet) select(sheet.getRange(1, 1));
    return sheet;
  }
  getActiveRange() {
    const {row, column, rows, columns} = activeRange();
    return this.getActiveSheet().getRange(row + 1, column + 1, rows, columns);
  }
  getSelection() { return {getActiveRange: () => this.getActiveRange()}; }
  getCurrentCell() { return this.getActiveRange().offset(0, 0, 1, 1); }
  setActiveRange(range) {
    check('SpreadsheetApp.Spreadsheet.setActiveRange', arguments, [Range]);
    return range.activate();
  }
  getRange(a1Notation) {
    check('SpreadsheetApp.Spreadsheet.getRange', arguments, ['String']);
    return rangeFrom(call('sheet.a1', {sheet: activeSheetId(), a1: a1Notation}));
  }

  getNamedRanges() { return call('book.names').map((found) => new NamedRange(found)); }
  getRangeByName(name) {
    check('SpreadsheetApp.Spreadsheet.getRangeByName', arguments, ['String']);
    const found = call('book.names').find((one) => one.name.toLowerCase() === name.toLowerCase());
    return found ? rangeFrom(found) : null;
  }
  setNamedRange(name, range) {
    check('SpreadsheetApp.Spreadsheet.setNamedRange', arguments, ['String', Range]);
    call('book.setName', {name, ...range.wire_()});
  }
  removeNamedRange(name) {
    check('SpreadsheetApp.Spreadsheet.removeNamedRange', arguments, ['String']);
    call('book.removeName', {name});
  }

  toast(msg, title, timeoutSeconds) {
    check('SpreadsheetApp.Spreadsheet.toast', arguments,
      ['String'], ['String', 'String'], ['String', 'String', 'number']);
    tell({toast: {message: msg, title: title ?? '', seconds: timeoutSeconds ?? 5}});
  }

  addDeveloperMetadata(key, value, visibility) {
    addMetadata('SpreadsheetApp.Spreadsheet.addDeveloperMetadata', arguments, null);
    return this;
  }
  getDeveloperMetadata() {
    return call('metadata.list', {sheet: null}).map((found) => new DeveloperMetadata(found));
  }
  /** Of the spreadsheet, its tabs, rows and columns. */
  createDeveloperMetadataFinder() { return new DeveloperMetadataFinder({}); }
}

class NamedRange {
  constructor(found) { Object.defineProperty(this, 'found_', {value: found}); }
  get typeName() { return 'SpreadsheetApp.NamedRange'; }
  toString() { return 'NamedRange'; }
  getName() { return this.found_.name; }
  getRange() { return rangeFrom(this.found_); }
  setRange(range) {
    check('SpreadsheetApp.NamedRange.setRange', arguments, [Range]);
    call('book.setName', {name: this.found_.name, ...range.wire_()});
    return this;
  }
  remove() { call('book.removeName', {name: this.found_.name}); }
}

class DeveloperMetadata {
  constructor(found) { Object.defineProperty(this, 'found_', {value: found}); }
  get typeName() { return 'SpreadsheetApp.DeveloperMetadata'; }
  toString() { return 'DeveloperMetadata'; }
  getId() { return this.found_.id; }
  getKey() { return this.found_.key; }
  getValue() { return this.found_.value; }
  getVisibility() { return DeveloperMetadataVisibility[this.found_.visibility]; }
  setValue(value) {
    check('SpreadsheetApp.DeveloperMetadata.setValue', arguments, ['String']);
    call('metadata.set', {id: this.found_.id, value});
    this.found_.value = value;
    return this;
  }
  getLocation() { return new DeveloperMetadataLocation(this.found_.sheet); }
  remove() { call('metadata.remove', {id: this.found_.id}); }
}

class DeveloperMetadataLocation {
  constructor(sheet) { Object.defineProperty(this, 'sheet_', {value: sheet}); }
  get typeName() { return 'SpreadsheetApp.DeveloperMetadataLocation'; }
  toString() { return 'DeveloperMetadataLocation'; }
  /** The tab that it is on; null for the spreadsheet's own. */
  getSheet() { return this.sheet_ === null ? null : new Sheet(this.sheet_); }
}

/** https://developers.google.com/apps-script/reference/spreadsheet/developer-metadata-finder */
class DeveloperMetadataFinder {
  constructor(asked) { Object.defineProperty(this, 'asked_', {value: asked}); }
  get typeName() { return 'SpreadsheetApp.DeveloperMetadataFinder'; }
  toString() { return 'DeveloperMetadataFinder'; }
  withKey(key) {
    check('SpreadsheetApp.DeveloperMetadataFinder.withKey', arguments, ['String']);
    this.asked_.key = key;
    return this;
  }
  find() { return call('metadata.find', this.asked_).map((found) => new DeveloperMetadata(found)); }
}

function addMetadata(method, args, sheet) {
  check(method, args, ['String'], ['String', 'String'], ['String', DeveloperMetadataVisibility],
    ['String', 'String', DeveloperMetadataVisibility]);
  const [key, second, third] = args;
  const value = typeof second === 'string' ? second : null;
  const visibility = third ?? (value === null ? second : null) ?? 'DOCUMENT';
  call('metadata.add', {sheet, key, value, visibility: String(visibility)});
}

let spreadsheet = null;

/** One object per execution, as scripts compare by identity. */
function theSpreadsheet() {
  return (spreadsheet ??= new Spreadsheet());
}

/** What the person has selected, or the first visible tab where that is gone. */
function activeSheetId() {
  const sheets = call('book.sheets');
  const found = sheets.find(({id}) => id === execution.active.sheet);
  return (found ?? sheets.find(({hidden}) => !hidden) ?? sheets[0]).id;
}

function activeRange() {
  return activeSheetId() === execution.active.sheet
    ? execution.active
    : {row: 0, column: 0, rows: 1, columns: 1};
}

function select(range) {
  execution.active = range.wire_();
  tell({activate: execution.active});
}

const SpreadsheetApp = {
  CopyPasteType,
  Dimension,
  ProtectionType,
  DeveloperMetadataVisibility,
  getActive() {
    permit('document', 'SpreadsheetApp.getActive');
    return this.getActiveSpreadsheet();
  },
  getActiveSpreadsheet() {
    permit('document', 'SpreadsheetApp.getActiveSpreadsheet');
    return execution.trigger?.blind ? null : theSpreadsheet();
  },
  getActiveSheet() {
    permit('document', 'SpreadsheetApp.getActiveSheet');
    return theSpreadsheet().getActiveSheet();
  },
  getActiveRange() {
    permit('document', 'SpreadsheetApp.getActiveRange');
    return theSpreadsheet().getActiveRange();
  },
  getCurrentCell() {
    permit('document', 'SpreadsheetApp.getCurrentCell');
    return theSpreadsheet().getCurrentCell();
  },
  setActiveSheet(sheet) {
    permit('document', 'SpreadsheetApp.setActiveSheet');
    return theSpreadsheet().setActiveSheet(sheet);
  },
  /** Writes are never held back here, so there is nothing to flush. */
  flush() { permit('document', 'SpreadsheetApp.flush'); },
  getUi() {
    if (execution.trigger) throw exception('Cannot call SpreadsheetApp.getUi() from this context.');
    return theUi();
  },
};
