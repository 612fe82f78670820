/** SpreadsheetApp's Range. https://developers.google.com/apps-script/reference/spreadsheet/range */

const CopyPasteType = enumeration('CopyPasteType', [
  'PASTE_NORMAL', 'PASTE_NO_BORDERS', 'PASTE_FORMAT', 'PASTE_FORMULA', 'PASTE_DATA_VALIDATION',
  'PASTE_VALUES', 'PASTE_CONDITIONAL_FORMATTING', 'PASTE_COLUMN_WIDTHS',
]);

const Dimension = enumeration('Dimension', ['COLUMNS', 'ROWS']);

class Range {
  /** @param {Sheet} sheet @param {number} row Counted from 1, like everything here. */
  constructor(sheet, row, column, rows, columns) {
    Object.defineProperty(this, 'at_', {value: {sheet, row, column, rows, columns}});
  }

  get typeName() { return 'SpreadsheetApp.Range'; }
  toString() { return 'Range'; }

  getSheet() { return this.at_.sheet; }
  getRow() { return this.at_.row; }
  getColumn() { return this.at_.column; }
  getNumRows() { return this.at_.rows; }
  getNumColumns() { return this.at_.columns; }
  getLastRow() { return this.at_.row + this.at_.rows - 1; }
  getLastColumn() { return this.at_.column + this.at_.columns - 1; }
  getHeight() { return this.at_.rows; }
  getWidth() { return this.at_.columns; }

  getA1Notation() {
    const first = letters(this.at_.column) + this.at_.row;
    if (this.at_.rows === 1 && this.at_.columns === 1) return first;
    return `${first}:${letters(this.getLastColumn())}${this.getLastRow()}`;
  }

  offset(rowOffset, columnOffset, numRows, numColumns) {
    check('SpreadsheetApp.Range.offset', arguments,
      ['number', 'number'], ['number', 'number', 'number'],
      ['number', 'number', 'number', 'number']);
    const {sheet, row, column, rows, columns} = this.at_;
    return sheet.getRange(row + whole(rowOffset), column + whole(columnOffset),
      numRows ?? rows, numColumns ?? columns);
  }

  getCell(row, column) {
    check('SpreadsheetApp.Range.getCell', arguments, ['number', 'number']);
    if (row < 1 || column < 1 || row > this.at_.rows || column > this.at_.columns) {
      throw exception('Cell reference out of range');
    }
    return this.offset(row - 1, column - 1, 1, 1);
  }

  getValues() { return dated(this.read_('values')); }
  getValue() { return this.first_('getValues'); }
  getDisplayValues() { return this.read_('display'); }
  getDisplayValue() { return this.first_('getDisplayValues'); }
  getFormulas() { return this.read_('formulas'); }
  getFormula() { return this.first_('getFormulas'); }
  getNumberFormats() { return this.read_('formats'); }
  getNumberFormat() { return this.first_('getNumberFormats'); }
  getFontWeights() { return this.read_('weights'); }
  getFontWeight() { return this.first_('getFontWeights'); }
  getBackgrounds() { return this.read_('backgrounds'); }
  getBackground() { return this.first_('getBackgrounds'); }
  getHorizontalAlignments() { return this.read_('alignments'); }
  getNotes() { return this.read_('notes'); }
  getNote() { return this.first_('getNotes'); }

  setValues(values) {
    check('SpreadsheetApp.Range.setValues', arguments, ['Object[][]']);
    return this.write_('values', this.fitting_(values).map((row) => row.map(wired)));
  }
  setValue(value) {
    check('SpreadsheetApp.Range.setValue', arguments, ['Object']);
    return this.write_('values', wired(value));
  }
  setFormula(formula) {
    check('SpreadsheetApp.Range.setFormula', arguments, ['String']);
    return this.write_('values', formula === '' || formula[0] === '=' ? formula : `=${formula}`);
  }
  setFormulas(formulas) {
    check('SpreadsheetApp.Range.setFormulas', arguments, ['Object[][]']);
    const all = formulas.map((row) => row.map((each) => (each === '' || each[0] === '=' ? each : `=${each}`)));
    return this.write_('values', this.fitting_(all));
  }
  setNumberFormats(formats) {
    check('SpreadsheetApp.Range.setNumberFormats', arguments, ['Object[][]']);
    return this.write_('formats', this.fitting_(formats));
  }
  setNumberFormat(format) {
    check('SpreadsheetApp.Range.setNumberFormat', arguments, ['String']);
    return this.write_('formats', format);
  }
  setFontWeights(weights) {
    check('SpreadsheetApp.Range.setFontWeights', arguments, ['Object[][]']);
    return this.write_('weights', this.fitting_(weights));
  }
  setFontWeight(weight) {
    if (weight !== null) check('SpreadsheetApp.Range.setFontWeight', arguments, ['String']);
    return this.write_('weights', weight);
  }
  setBackground(color) {
    if (color !== null) check('SpreadsheetApp.Range.setBackground', arguments, ['String']);
    return this.write_('backgrounds', color);
  }
  setFontColor(color) {
    if (color !== null) check('SpreadsheetApp.Range.setFontColor', arguments, ['String']);
    return this.write_('colors', color);
  }
  setHorizontalAlignment(alignment) {
    if (alignment !== null) {
      check('SpreadsheetApp.Range.setHorizontalAlignment', arguments, ['String']);
    }
    return this.write_('alignments', alignment);
  }
  setWrap(wrap) {
    check('SpreadsheetApp.Range.setWrap', arguments, ['Boolean']);
    return this.write_('wraps', wrap);
  }
  setNote(note) {
    if (note !== null) check('SpreadsheetApp.Range.setNote', arguments, ['String']);
    return this.write_('notes', note ?? '');
  }
  setNotes(notes) {
    check('SpreadsheetApp.Range.setNotes', arguments, ['Object[][]']);
    return this.write_('notes', this.fitting_(notes));
  }
  clearNote() { return this.write_('notes', ''); }
  clearContent() {
    check('SpreadsheetApp.Range.clearContent', arguments, []);
    return this.write_('values', '');
  }
  isBlank() { return this.getDisplayValues().every((row) => row.every((text) => text === '')); }

  copyTo(destination, copyPasteType, transposed) {
    check('SpreadsheetApp.Range.copyTo', arguments,
      [Range], [Range, CopyPasteType, 'Boolean'], [Range, 'Object']);
    const options = copyPasteType && !transposed && !isA(copyPasteType, CopyPasteType)
      ? copyPasteType : {};
    call('range.copy', {
      ...this.wire_(),
      to: destination.wire_(),
      type: options.contentsOnly ? 'PASTE_VALUES' : String(
        isA(copyPasteType, CopyPasteType) ? copyPasteType : 'PASTE_NORMAL'),
      transposed: transposed ?? false,
    });
  }

  /** Merged cells that lie in this range, whole or in part. */
  getMergedRanges() {
    const {row, column, rows, columns} = this.wire_();
    return this.at_.sheet.attached_('merge').map(rangeFrom).filter((each) => {
      const at = each.wire_();
      return at.row < row + rows && row < at.row + at.rows &&
        at.column < column + columns && column < at.column + at.columns;
    });
  }

  /** Blank cells here; what was here goes down. The sandbox does not shift to the right. */
  insertCells(shiftDimension) {
    check('SpreadsheetApp.Range.insertCells', arguments, [Dimension]);
    if (String(shiftDimension) !== 'ROWS') throw exception('The sandbox shifts cells down only.');
    call('range.insertCells', this.wire_());
    return this;
  }

  /** By columns of the sheet: numbers, or {column, ascending}. */
  sort(sortSpecObj) {
    const given = Array.isArray(sortSpecObj) ? sortSpecObj : [sortSpecObj];
    const by = given.map((each) => {
      const {column, ascending = true} = typeof each === 'number' ? {column: each} : each;
      return {column: whole(column) - 1, descending: !ascending};
    });
    call('range.sort', {...this.wire_(), by});
    return this;
  }

  activate() {
    permit('document', 'SpreadsheetApp.Range.activate');
    select(this);
    return this;
  }

  /** The rectangle as the sandbox counts it: from 0. */
  wire_() {
    const {sheet, row, column, rows, columns} = this.at_;
    return {sheet: sheet.getSheetId(), row: row - 1, column: column - 1, rows, columns};
  }
  read_(what) { return call('range.read', {...this.wire_(), what}); }
  write_(what, data) {
    call('range.write', {...this.wire_(), what, data});
    return this;
  }
  first_(method) { return this.offset(0, 0, 1, 1)[method]()[0][0]; }

  fitting_(data) {
    const {rows, columns} = this.at_;
    if (data.length !== rows) {
      throw exception('The number of rows in the data does not match the number of rows in the ' +
        `range. The data has ${data.length} but the range has ${rows}.`);
    }
    const odd = data.find((row) => row.length !== columns);
    if (odd) {
      throw exception('The number of columns in the data does not match the number of columns ' +
        `in the range. The data has ${odd.length} but the range has ${columns}.`);
    }
    return data;
  }
}

/** What comes back knows which numbers are moments; those become Date objects. */
function dated({values, moments}) {
  for (const [row, column] of moments) values[row][column] = new Date(values[row][column]);
  return values;
}

/** A value for a cell as JSON can carry it. */
function wired(value) {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : '#NUM!';
  if (value === null || value === undefined) return '';
  return value instanceof Date ? {moment: value.getTime()} : String(value);
}

function letters(column) {
  let text = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}
