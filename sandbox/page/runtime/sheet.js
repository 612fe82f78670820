/** SpreadsheetApp's Sheet. https://developers.google.com/apps-script/reference/spreadsheet/sheet */

class Sheet {
  constructor(id) { Object.defineProperty(this, 'id_', {value: id}); }

  get typeName() { return 'SpreadsheetApp.Sheet'; }
  toString() { return 'Sheet'; }

  getParent() { return theSpreadsheet(); }
  getSheetId() { return this.id_; }
  getName() { return this.info_().name; }
  getSheetName() { return this.getName(); }
  getIndex() { return this.info_().index + 1; }
  getMaxRows() { return this.info_().rows; }
  getMaxColumns() { return this.info_().columns; }
  getLastRow() { return this.extent_().rows; }
  getLastColumn() { return this.extent_().columns; }
  isSheetHidden() { return this.info_().hidden; }
  getFrozenRows() { return this.info_().frozenRows; }

  setName(name) {
    check('SpreadsheetApp.Sheet.setName', arguments, ['String']);
    return this.change_('rename', {name});
  }
  hideSheet() { return this.change_('hide', {hidden: true}); }
  showSheet() { return this.change_('hide', {hidden: false}); }
  setFrozenRows(rows) {
    check('SpreadsheetApp.Sheet.setFrozenRows', arguments, ['number']);
    return this.change_('freeze', {rows: whole(rows)});
  }
  getFrozenColumns() { return this.info_().frozenColumns; }
  setFrozenColumns(columns) {
    check('SpreadsheetApp.Sheet.setFrozenColumns', arguments, ['number']);
    return this.change_('freezeColumns', {columns: whole(columns)});
  }
  hideRows(rowIndex, numRows = 1) {
    check('SpreadsheetApp.Sheet.hideRows', arguments, ['number'], ['number', 'number']);
    this.change_('hideRows', {at: whole(rowIndex) - 1, count: numRows, hidden: true});
  }
  showRows(rowIndex, numRows = 1) {
    check('SpreadsheetApp.Sheet.showRows', arguments, ['number'], ['number', 'number']);
    this.change_('hideRows', {at: whole(rowIndex) - 1, count: numRows, hidden: false});
  }
  setColumnWidth(columnPosition, width) {
    check('SpreadsheetApp.Sheet.setColumnWidth', arguments, ['number', 'number']);
    return this.setColumnWidths(columnPosition, 1, width);
  }
  setColumnWidths(startColumn, numColumns, width) {
    check('SpreadsheetApp.Sheet.setColumnWidths', arguments, ['number', 'number', 'number']);
    return this.change_('widths', {at: startColumn - 1, count: numColumns, width: whole(width)});
  }
  getColumnWidth(columnPosition) {
    check('SpreadsheetApp.Sheet.getColumnWidth', arguments, ['number']);
    return call('sheet.width', {sheet: this.id_, column: columnPosition - 1});
  }
  hideColumns(columnIndex, numColumns = 1) {
    check('SpreadsheetApp.Sheet.hideColumns', arguments, ['number'], ['number', 'number']);
    this.change_('hideColumns', {at: columnIndex - 1, count: numColumns, hidden: true});
  }
  showColumns(columnIndex, numColumns = 1) {
    check('SpreadsheetApp.Sheet.showColumns', arguments, ['number'], ['number', 'number']);
    this.change_('hideColumns', {at: columnIndex - 1, count: numColumns, hidden: false});
  }

  insertRowsAfter(afterPosition, howMany) {
    check('SpreadsheetApp.Sheet.insertRowsAfter', arguments, ['number', 'number']);
    return this.change_('insert', {what: 'rows', at: whole(afterPosition), count: howMany});
  }
  insertRowsBefore(beforePosition, howMany) {
    check('SpreadsheetApp.Sheet.insertRowsBefore', arguments, ['number', 'number']);
    return this.change_('insert',
      {what: 'rows', at: whole(beforePosition) - 1, count: howMany, before: true});
  }
  insertColumnsAfter(afterPosition, howMany) {
    check('SpreadsheetApp.Sheet.insertColumnsAfter', arguments, ['number', 'number']);
    return this.change_('insert', {what: 'columns', at: whole(afterPosition), count: howMany});
  }
  insertColumnsBefore(beforePosition, howMany) {
    check('SpreadsheetApp.Sheet.insertColumnsBefore', arguments, ['number', 'number']);
    return this.change_('insert',
      {what: 'columns', at: whole(beforePosition) - 1, count: howMany, before: true});
  }
  deleteRows(rowPosition, howMany) {
    check('SpreadsheetApp.Sheet.deleteRows', arguments, ['number', 'number']);
    this.change_('delete', {what: 'rows', at: whole(rowPosition) - 1, count: howMany});
  }
  deleteRow(rowPosition) {
    check('SpreadsheetApp.Sheet.deleteRow', arguments, ['number']);
    this.deleteRows(rowPosition, 1);
    return this;
  }
  deleteColumns(columnPosition, howMany) {
    check('SpreadsheetApp.Sheet.deleteColumns', arguments, ['number', 'number']);
    this.change_('delete', {what: 'columns', at: whole(columnPosition) - 1, count: howMany});
  }

  getRange(first, column, numRows = 1, numColumns = 1) {
    check('SpreadsheetApp.Sheet.getRange', arguments, ['String'], ['number', 'number'],
      ['number', 'number', 'number'], ['number', 'number', 'number', 'number']);
    if (typeof first === 'string') return rangeFrom(call('sheet.a1', {sheet: this.id_, a1: first}));
    const at = [first, column, numRows, numColumns].map(whole);
    if (at[0] < 1) throw exception('The starting row of the range is too small.');
    if (at[1] < 1) throw exception('The starting column of the range is too small.');
    if (at[2] < 1) throw exception('The number of rows in the range must be at least 1.');
    if (at[3] < 1) throw exception('The number of columns in the range must be at least 1.');
    const {rows, columns} = this.info_();
    if (at[0] + at[2] - 1 > rows || at[1] + at[3] - 1 > columns) {
      throw exception('The coordinates of the range are outside the dimensions of the sheet.');
    }
    return new Range(this, ...at);
  }
  getDataRange() {
    const {rows, columns} = this.extent_();
    return new Range(this, 1, 1, Math.max(1, rows), Math.max(1, columns));
  }
  getRangeList(a1Notations) {
    check('SpreadsheetApp.Sheet.getRangeList', arguments, ['Object[]']);
    return new RangeList(a1Notations.map((a1) => this.getRange(a1)));
  }

  getCharts() { return chartsOf(this.id_); }
  newChart() { return newChart(); }
  insertChart(chart) {
    check('SpreadsheetApp.Sheet.insertChart', arguments, [EmbeddedChart]);
    insertChart(this.id_, chart);
  }
  updateChart(chart) {
    check('SpreadsheetApp.Sheet.updateChart', arguments, [EmbeddedChart]);
    updateChart(chart);
  }
  removeChart(chart) {
    check('SpreadsheetApp.Sheet.removeChart', arguments, [EmbeddedChart]);
    call('charts.remove', {id: chart.getChartId()});
  }

  activate() {
    theSpreadsheet().setActiveSheet(this);
    return this;
  }

  addDeveloperMetadata(key, value, visibility) {
    addMetadata('SpreadsheetApp.Sheet.addDeveloperMetadata', arguments, this.id_);
    return this;
  }
  getDeveloperMetadata() {
    return call('metadata.list', {sheet: this.id_}).map((found) => new DeveloperMetadata(found));
  }
  /** Of this tab, its rows and its columns. */
  createDeveloperMetadataFinder() { return new DeveloperMetadataFinder({sheet: this.id_}); }

  /** The tab's one basic filter, or null. */
  getFilter() {
    const [found] = this.attached_('filter');
    return found ? new Filter(found) : null;
  }
  getProtections(type) {
    check('SpreadsheetApp.Sheet.getProtections', arguments, [ProtectionType]);
    // The sandbox keeps protected ranges; what has open ones in it is a whole tab.
    return this.attached_('protection').filter(({open}) => (open.length > 0) === (String(type) === 'SHEET'))
        .map((at) => new Protection(at));
  }

  attached_(kind) { return call('sheet.attached', {sheet: this.id_, kind}); }
  /** How far values and formulas reach. */
  extent_() { return call('sheet.extent', {sheet: this.id_}); }
  info_() { return call('sheet.info', {sheet: this.id_}); }
  change_(how, params) {
    call(`sheet.${how}`, {sheet: this.id_, ...params});
    return this;
  }
}

const ProtectionType = enumeration('ProtectionType', ['RANGE', 'SHEET']);

class Filter {
  constructor(found) { Object.defineProperty(this, 'found_', {value: found}); }
  get typeName() { return 'SpreadsheetApp.Filter'; }
  toString() { return 'Filter'; }
  getRange() { return rangeFrom(this.found_); }
}

class Protection {
  constructor(found) { Object.defineProperty(this, 'found_', {value: found}); }
  get typeName() { return 'SpreadsheetApp.Protection'; }
  toString() { return 'Protection'; }
  getRange() { return rangeFrom(this.found_); }
  isWarningOnly() { return this.found_.warning; }
  /** Nobody of the sandbox is among the editors of a protected range. */
  canEdit() { return this.found_.warning; }
  /** Only the protection of a whole tab has such. */
  getUnprotectedRanges() { return this.found_.open.map(rangeFrom); }
}

/** The same done to several ranges. */
class RangeList {
  constructor(ranges) { Object.defineProperty(this, 'ranges_', {value: ranges}); }
  get typeName() { return 'SpreadsheetApp.RangeList'; }
  toString() { return 'RangeList'; }
  getRanges() { return this.ranges_.slice(); }
  setValue(value) { return this.each_('setValue', value); }
  setNumberFormat(format) { return this.each_('setNumberFormat', format); }
  setFontWeight(weight) { return this.each_('setFontWeight', weight); }
  setBackground(color) { return this.each_('setBackground', color); }
  setHorizontalAlignment(alignment) { return this.each_('setHorizontalAlignment', alignment); }
  setWrap(wrap) { return this.each_('setWrap', wrap); }
  setNote(note) { return this.each_('setNote', note); }
  clearContent() { return this.each_('clearContent'); }
  each_(method, ...args) {
    for (const range of this.ranges_) range[method](...args);
    return this;
  }
}

/** @param {{sheet: number, row: number, column: number, rows: number, columns: number}} at */
function rangeFrom(at) {
  return new Range(new Sheet(at.sheet), at.row + 1, at.column + 1, at.rows, at.columns);
}
