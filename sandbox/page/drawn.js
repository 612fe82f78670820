/** Charts as pictures: enough to see what they say, no more. */

const NS = 'http://www.w3.org/2000/svg';
export const WIDE = 500;
export const HIGH = 300;
const COLOURS = ['#4285f4', '#ea4335', '#fbbc04', '#34a853', '#ff6d01', '#46bdc6'];
const PLOT = {left: 64, top: 52, right: 16, bottom: 64};

/**
 * @typedef {{id: number, title: string, kind: string, labels: Array<string>,
 *   series: Array<{name: string, values: Array<?number>}>}} Drawn See sandbox/google/drawn_charts.py.
 */

/** @param {Drawn} chart @return {SVGElement} */
export function picture(chart) {
  const svg = node('svg', {width: WIDE, height: HIGH, role: 'img', 'aria-label': chart.title, class: 'chart'});
  svg.append(node('rect', {x: .5, y: .5, width: WIDE - 1, height: HIGH - 1, fill: '#fff', stroke: '#dadce0'}));
  svg.append(label(chart.title, 16, 28, {'font-size': 16, fill: '#757575'}));
  const values = chart.series.flatMap((each) => each.values).filter((each) => each !== null);
  const [low, high, step] = scale(Math.min(0, ...values), Math.max(0, ...values));
  (chart.kind === 'BAR' ? across : upright)(svg, chart, low, high, step);
  if (chart.series.length > 1) legend(svg, chart.series);
  return svg;
}

/** Bars that lie: the labels are down the left side. */
function across(svg, {labels, series}, low, high, step) {
  const left = 150;
  const [wide, tall] = [WIDE - left - PLOT.right, HIGH - PLOT.top - 40];
  const x = (value) => left + ((value - low) / (high - low)) * wide;
  for (const value of ticks(low, high, step)) {
    svg.append(line(x(value), PLOT.top, x(value), PLOT.top + tall));
    svg.append(label(short(value), x(value), PLOT.top + tall + 16, {'text-anchor': 'middle'}));
  }
  const band = tall / Math.max(1, labels.length);
  const thick = (band * .7) / Math.max(1, series.length);
  labels.forEach((text, i) => {
    const top = PLOT.top + i * band;
    if (band >= 11) svg.append(label(cut(text, 22), left - 8, top + band / 2 + 4, {'text-anchor': 'end'}));
    series.forEach(({values}, j) => {
      if (values[i] !== null) svg.append(bar(j, x(Math.min(0, values[i])), top + band * .15 + j * thick, Math.abs(x(values[i]) - x(0)), thick));
    });
  });
}

/** Columns or lines: the labels are below. */
function upright(svg, {kind, labels, series}, low, high, step) {
  const [wide, tall] = [WIDE - PLOT.left - PLOT.right, HIGH - PLOT.top - PLOT.bottom];
  const y = (value) => PLOT.top + tall - ((value - low) / (high - low)) * tall;
  for (const value of ticks(low, high, step)) {
    svg.append(line(PLOT.left, y(value), PLOT.left + wide, y(value)));
    svg.append(label(short(value), PLOT.left - 8, y(value) + 4, {'text-anchor': 'end'}));
  }
  const band = wide / Math.max(1, labels.length);
  const middle = (i) => PLOT.left + (i + .5) * band;
  const every = Math.ceil(48 / band);
  labels.forEach((text, i) => {
    if (i % every === 0) svg.append(label(cut(text, 9), middle(i), PLOT.top + tall + 16, {'text-anchor': 'middle'}));
  });
  series.forEach(({values}, j) => {
    if (kind === 'LINE') {
      const points = values.map((value, i) => (value === null ? '' : `${middle(i)},${y(value)}`)).filter(Boolean).join(' ');
      svg.append(node('polyline', {points, fill: 'none', stroke: colour(j), 'stroke-width': 2}));
      return;
    }
    const thick = (band * .7) / series.length;
    values.forEach((value, i) => {
      if (value !== null) svg.append(bar(j, middle(i) - band * .35 + j * thick, Math.min(y(value), y(0)), thick, Math.abs(y(value) - y(0))));
    });
  });
}

function legend(svg, series) {
  const wide = 120;
  const first = (WIDE - series.length * wide) / 2;
  series.forEach(({name}, j) => {
    svg.append(node('rect', {x: first + j * wide, y: HIGH - 26, width: 10, height: 10, fill: colour(j)}));
    svg.append(label(cut(name, 15), first + j * wide + 16, HIGH - 17, {}));
  });
}

/** @return {Array<number>} [low, high, step] in round numbers. */
function scale(low, high) {
  const room = (high - low) || 1;
  const power = 10 ** Math.floor(Math.log10(room / 4));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => room / each <= 5) ?? 10 * power;
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step || step, step];
}

function ticks(low, high, step) {
  return Array.from({length: Math.round((high - low) / step) + 1}, (_, i) => low + i * step);
}

const colour = (at) => COLOURS[at % COLOURS.length];
const short = (value) => value.toLocaleString('en-US', {maximumFractionDigits: 2});
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const bar = (at, x, y, width, height) => node('rect', {x, y, width: Math.max(0, width), height: Math.max(0, height), fill: colour(at)});
const line = (x1, y1, x2, y2) => node('line', {x1, y1, x2, y2, stroke: '#e8eaed'});

function label(text, x, y, more) {
  const made = node('text', {x, y, 'font-size': 11, 'font-family': 'Arial, sans-serif', fill: '#5f6368', ...more});
  made.textContent = text;
  return made;
}

function node(name, attributes) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
