/** Charts on a tab, and the builder that makes and changes them.
 * https://developers.google.com/apps-script/reference/spreadsheet/embedded-chart-builder */

const ChartType = enumeration('ChartType', ['BAR', 'COLUMN', 'LINE']);

/** The service of that name; of it only what spreadsheets' charts need. */
const Charts = {ChartType};

class EmbeddedChart {
  /** @param {{id: ?number, ranges: !Array<Range>}} made Without an id until it is inserted. */
  constructor(made) { Object.defineProperty(this, 'made_', {value: made}); }
  get typeName() { return 'SpreadsheetApp.EmbeddedChart'; }
  toString() { return 'EmbeddedChart'; }
  getChartId() { return this.made_.id; }
  getRanges() { return this.made_.ranges.slice(); }
  modify() { return new EmbeddedChartBuilder({...this.made_, ranges: this.getRanges()}); }
}

class EmbeddedChartBuilder {
  constructor(made) { Object.defineProperty(this, 'made_', {value: made}); }
  get typeName() { return 'SpreadsheetApp.EmbeddedChartBuilder'; }
  toString() { return 'EmbeddedChartBuilder'; }

  addRange(range) {
    check('SpreadsheetApp.EmbeddedChartBuilder.addRange', arguments, [Range]);
    this.made_.ranges.push(range);
    return this;
  }
  clearRanges() { return this.with_({ranges: []}); }
  getRanges() { return this.made_.ranges.slice(); }
  setChartType(type) {
    check('SpreadsheetApp.EmbeddedChartBuilder.setChartType', arguments, [ChartType]);
    return this.with_({type: String(type)});
  }
  setNumHeaders(headers) {
    check('SpreadsheetApp.EmbeddedChartBuilder.setNumHeaders', arguments, ['number']);
    return this.with_({headers: whole(headers)});
  }
  setOption(option, value) {
    check('SpreadsheetApp.EmbeddedChartBuilder.setOption', arguments, ['String', 'Object']);
    return this.with_({options: {...this.made_.options, [option]: value}});
  }
  setPosition(anchorRowPos, anchorColPos, offsetX, offsetY) {
    check('SpreadsheetApp.EmbeddedChartBuilder.setPosition', arguments,
      ['number', 'number', 'number', 'number']);
    if (offsetX || offsetY) throw exception('This sandbox puts charts at the corner of a cell.');
    return this.with_({row: whole(anchorRowPos) - 1, column: whole(anchorColPos) - 1});
  }
  build() { return new EmbeddedChart({...this.made_, ranges: this.getRanges()}); }

  with_(changes) {
    Object.assign(this.made_, changes);
    return this;
  }
}

/** @param {number} sheet @return {!Array<EmbeddedChart>} */
function chartsOf(sheet) {
  return call('charts.of', {sheet}).map(({id, ranges}) =>
    new EmbeddedChart({id, ranges: ranges.map(rangeFrom)}));
}

function newChart() {
  return new EmbeddedChartBuilder({id: null, ranges: [], headers: 0, options: {}, row: 0, column: 0});
}

function insertChart(sheet, chart) {
  const {type, headers, options, row, column, ranges} = chart.made_;
  if (!type) throw exception('This sandbox needs to know the type of a chart.');
  call('charts.insert', {sheet, type, headers, options, row, column, ranges: wiredRanges(ranges)});
}

function updateChart(chart) {
  const {id, ranges, type, options, row} = chart.made_;
  if (id === null) throw exception('The chart is not in this spreadsheet.');
  if (type || options || row !== undefined) {
    throw exception('This sandbox changes nothing of a chart but its ranges.');
  }
  call('charts.update', {id, ranges: wiredRanges(ranges)});
}

function wiredRanges(ranges) {
  return ranges.map((range) => range.wire_());
}
