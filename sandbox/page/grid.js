/** Draws the part of a tab that is on the screen, and knows what is selected. */

import {picture} from './drawn.js';
import {element} from './panels.js';

const ROW = 21;
const HEAD = 24;
const MARGIN_LEFT = 46;
const WIDTH = 100;

/** @typedef {{row: number, column: number, rows: number, columns: number}} Rect Counted from 0. */

export class Grid {
  /**
   * @param {HTMLElement} place
   * @param {import('./view.js').View} view
   * @param {function()} selected Called when the selection has changed.
   */
  constructor(place, view, selected) {
    this.view = view;
    this.selected = selected;
    /** @type {Rect} The active cell is its first one. */
    this.selection = {row: 0, column: 0, rows: 1, columns: 1};
    place.className = 'grid';
    place.tabIndex = 0;
    place.setAttribute('role', 'grid');
    place.setAttribute('aria-label', 'Cells');
    this.place = place;
    this.space = element('div', {class: 'space', role: 'none'});
    this.sheet = element('div', {class: 'sheet', role: 'none'});
    this.charts = element('div', {class: 'charts', role: 'none'});
    /** What the pictures were made of. */
    this.drawn = '';
    this.space.append(this.sheet);
    place.replaceChildren(this.space);
    place.addEventListener('scroll', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(place);
  }

  get tab() { return this.view.seen?.tab; }

  /** @param {Rect} rect @param {boolean=} show Scrolls until it is on the screen. */
  select(rect, show = true) {
    const {rows, columns} = this.tab;
    const row = Math.min(Math.max(0, rect.row), rows - 1);
    const column = Math.min(Math.max(0, rect.column), columns - 1);
    this.selection = {
      row, column,
      rows: Math.max(1, Math.min(rect.rows, rows - row)),
      columns: Math.max(1, Math.min(rect.columns, columns - column)),
    };
    if (show) this.scrollTo(row, column);
    this.draw();
    this.selected();
  }

  scrollTo(row, column) {
    const {frozen_rows: frozen} = this.tab;
    if (row >= frozen) {
      const top = (row - frozen) * ROW;
      const room = Math.max(1, this.rowsOnScreen() - 1) * ROW;
      if (top < this.place.scrollTop) this.place.scrollTop = top;
      else if (top >= this.place.scrollTop + room) this.place.scrollTop = top - room + ROW;
    }
    if (column < this.tab.frozen_columns) return;
    const left = this.offset(column);
    const room = this.place.clientWidth - MARGIN_LEFT - this.offsetOfFrozen();
    if (left < this.place.scrollLeft) this.place.scrollLeft = left;
    else if (left + this.width(column) > this.place.scrollLeft + room) {
      this.place.scrollLeft = this.roundedUp(left + this.width(column) - room);
    }
  }

  draw() {
    const {tab} = this;
    if (!tab) return;
    const {rows, columns, frozen_rows: frozen} = tab;
    const high = this.place.clientHeight;
    // Room at the end, so that the last row and column can come to the top left.
    this.space.style.height = `${HEAD + rows * ROW + high / 2}px`;
    this.space.style.width = `${MARGIN_LEFT + this.offset(columns) + this.place.clientWidth / 2}px`;
    this.sheet.style.width = `${this.place.clientWidth}px`;
    this.sheet.style.height = `${high}px`;
    this.place.setAttribute('aria-rowcount', String(rows));
    this.place.setAttribute('aria-colcount', String(columns));

    const first = Math.min(rows - 1, frozen + Math.floor(this.place.scrollTop / ROW));
    const shownRows = range(0, frozen)
      .concat(range(Math.max(frozen, first), Math.min(rows, first + this.rowsOnScreen() + 1)));
    const shownColumns = this.columnsOnScreen();
    this.view.want(tab.id, first, this.rowsOnScreen() + 1);
    this.fill(shownRows, shownColumns);
    this.drawCharts(shownRows, shownColumns);
  }

  /** Over the cells, led by the cell at their top left corner. */
  drawCharts(shownRows, shownColumns) {
    const {charts = []} = this.view.seen;
    const made = JSON.stringify(charts);
    if (made !== this.drawn) this.charts.replaceChildren(...charts.map(picture));
    this.drawn = made;
    this.sheet.append(this.charts);
    const {frozen_rows: frozen} = this.tab;
    const firstRow = shownRows[frozen] ?? frozen;
    const firstColumn = shownColumns.find((column) => column >= this.tab.frozen_columns) ?? 0;
    charts.forEach(({row, column}, i) => {
      const top = HEAD + (row < frozen ? row : frozen + row - firstRow) * ROW;
      const left = MARGIN_LEFT + this.offsetOfFrozen() + this.offset(column) - this.offset(firstColumn);
      this.charts.children[i].style.transform = `translate(${left}px, ${top}px)`;
    });
  }

  /** Reuses the elements that are there: what somebody points at does not go away. */
  fill(shownRows, shownColumns) {
    const {sheet} = this;
    const lines = [...sheet.querySelectorAll(':scope > .row')];
    const head = lines[0] ?? sheet.appendChild(element('div', {class: 'row heads', role: 'row'}));
    this.fillHeads(head, shownColumns);
    shownRows.forEach((row, i) => {
      const line = lines[i + 1] ?? sheet.appendChild(element('div', {class: 'row', role: 'row'}));
      this.fillRow(line, row, shownColumns);
    });
    lines.slice(shownRows.length + 1).forEach((line) => line.remove());
    const {row, column} = this.selection;
    this.place.setAttribute('aria-activedescendant', `cell-${a1(row, column)}`);
  }

  fillHeads(line, columns) {
    const cells = pool(line, columns.length + 1, 'head');
    cells[0].style.width = `${MARGIN_LEFT}px`;
    cells[0].className = 'head corner';
    cells[0].textContent = '';
    columns.forEach((column, i) => {
      const cell = cells[i + 1];
      cell.className = `head${inside(this.selection, null, column) ? ' in' : ''}` +
        `${column + 1 === this.tab.frozen_columns ? ' edge' : ''}`;
      cell.setAttribute('role', 'columnheader');
      cell.dataset.column = String(column);
      cell.style.width = `${this.width(column)}px`;
      cell.textContent = letters(column);
    });
  }

  fillRow(line, row, columns) {
    line.setAttribute('aria-rowindex', String(row + 1));
    line.classList.toggle('frozen-edge', row + 1 === this.tab.frozen_rows);
    const cells = pool(line, columns.length + 1, 'cell');
    const head = cells[0];
    head.className = `head${inside(this.selection, row, null) ? ' in' : ''}`;
    head.setAttribute('role', 'rowheader');
    head.dataset.row = String(row);
    head.style.width = `${MARGIN_LEFT}px`;
    head.textContent = String(row + 1);
    columns.forEach((column, i) => this.fillCell(cells[i + 1], row, column, columns, i));
  }

  fillCell(element_, row, column, columns, i) {
    const cell = this.view.cell(row, column) ?? {};
    const {text = '', kind = 'blank'} = cell;
    const name = a1(row, column);
    const selected = inside(this.selection, row, column);
    const active = row === this.selection.row && column === this.selection.column;
    const align = (cell.align ?? '').toLowerCase() ||
      {number: 'right', boolean: 'center', error: 'center'}[kind] || 'left';
    const spills = kind === 'text' && align === 'left' && cell.wrap !== 'WRAP' && cell.wrap !== 'CLIP';
    element_.className = ['cell', `to-${align}`, kind, cell.bold && 'bold', cell.italic && 'italic',
      selected && 'in', active && 'active', cell.note && 'noted',
      column + 1 === this.tab.frozen_columns && 'edge'].filter(Boolean).join(' ');
    element_.id = `cell-${name}`;
    element_.dataset.a1 = name;
    element_.setAttribute('role', 'gridcell');
    element_.setAttribute('aria-colindex', String(column + 1));
    element_.setAttribute('aria-selected', String(selected));
    set(element_, 'title', cell.note);
    set(element_, 'aria-description', cell.note && `Note: ${cell.note}`);
    element_.style.width = `${this.width(column)}px`;
    element_.style.background = cell.background && !selected ? cell.background : '';
    element_.style.color = cell.color ?? '';
    const span = element_.firstElementChild ?? element_.appendChild(element('span'));
    span.style.maxWidth = spills ? `${this.roomFrom(row, columns, i)}px` : '';
    if (span.textContent !== text) span.textContent = text;
  }

  /** How far a text may run over the blank cells to its right. */
  roomFrom(row, columns, i) {
    let room = this.width(columns[i]);
    for (let j = i + 1; j < columns.length && !this.view.cell(row, columns[j])?.text; j++) {
      room += this.width(columns[j]);
    }
    return room - 6;
  }

  rowsOnScreen() {
    return Math.max(1, Math.ceil((this.place.clientHeight - HEAD) / ROW) - this.tab.frozen_rows);
  }

  columnsOnScreen() {
    const {columns, frozen_columns: frozen} = this.tab;
    const visible = range(0, columns).filter((column) => this.width(column) > 0);
    const shown = visible.filter((column) => column < frozen);
    let room = this.place.clientWidth - MARGIN_LEFT - this.offsetOfFrozen();
    for (const column of visible) {
      if (column < frozen || this.offset(column) < this.place.scrollLeft) continue;
      if (room <= 0) break;
      shown.push(column);
      room -= this.width(column);
    }
    return shown;
  }

  width(column) {
    if (this.tab.hidden_columns.includes(column)) return 0;
    return this.tab.widths[column] ?? WIDTH;
  }

  /** Where a column begins, counted from the first one that scrolls. */
  offset(column) {
    let left = 0;
    for (let at = this.tab.frozen_columns; at < column; at++) left += this.width(at);
    return left;
  }

  offsetOfFrozen() {
    return range(0, this.tab.frozen_columns).reduce((sum, at) => sum + this.width(at), 0);
  }

  /** Columns begin at the left edge, so scrolling goes from edge to edge. */
  roundedUp(left) {
    const edge = range(this.tab.frozen_columns, this.tab.columns)
      .map((column) => this.offset(column)).find((at) => at >= left);
    return edge ?? left;
  }

  /** @return {?{row: number, column: number}} The cell under an event. */
  under(event) {
    const cell = /** @type {HTMLElement} */ (event.target).closest?.('[data-a1]');
    return cell ? parsed(cell.dataset.a1) : null;
  }

  /** @return {?HTMLElement} */
  element(row, column) {
    return document.getElementById(`cell-${a1(row, column)}`);
  }
}

/** @param {Rect} rect Whether the row (null: any) and the column (null: any) are in it. */
function inside(rect, row, column) {
  return (row === null || (row >= rect.row && row < rect.row + rect.rows)) &&
    (column === null || (column >= rect.column && column < rect.column + rect.columns));
}

function pool(line, count, name) {
  while (line.children.length < count) line.append(element('div', {class: name}));
  while (line.children.length > count) line.lastElementChild.remove();
  return [...line.children];
}

function set(element_, name, value) {
  if (value) element_.setAttribute(name, value);
  else element_.removeAttribute(name);
}

function range(from, to) {
  return Array.from({length: Math.max(0, to - from)}, (_, i) => from + i);
}

export function letters(column) {
  let text = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  }
  return text;
}

export function a1(row, column) {
  return `${letters(column)}${row + 1}`;
}

/** @return {?Rect} The rectangle that "B2" or "B2:C5" names. */
export function parsed(text) {
  const match = /^\s*([a-z]{1,3})(\d{1,7})(?::([a-z]{1,3})(\d{1,7}))?\s*$/i.exec(text);
  if (!match) return null;
  const at = (name) => [...name.toUpperCase()].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;
  const [column, row] = [at(match[1]), Number(match[2]) - 1];
  const [endColumn, endRow] = match[3] ? [at(match[3]), Number(match[4]) - 1] : [column, row];
  return {
    row: Math.min(row, endRow), column: Math.min(column, endColumn),
    rows: Math.abs(endRow - row) + 1, columns: Math.abs(endColumn - column) + 1,
  };
}
