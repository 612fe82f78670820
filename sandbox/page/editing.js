/** Keyboard, mouse and clipboard over the grid; what is typed is entered as a person types it. */

import {element} from './panels.js';
import {parsed, a1} from './grid.js';
import {post} from './server.js';

export class Editing {
  /**
   * @param {import('./grid.js').Grid} grid
   * @param {function(string)} refused Says why something could not be entered.
   */
  constructor(grid, refused) {
    this.grid = grid;
    this.refused = refused;
    this.editor = null;
    this.nameBox = /** @type {HTMLInputElement} */ (document.getElementById('namebox'));
    this.formulaBar = /** @type {HTMLInputElement} */ (document.getElementById('formulabar'));
    const {place} = grid;
    place.addEventListener('keydown', (event) => this.key(event));
    place.addEventListener('pointerdown', (event) => this.press(event));
    place.addEventListener('pointermove', (event) => this.drag(event));
    place.addEventListener('dblclick', (event) => {
      if (grid.under(event)) this.edit();
    });
    place.addEventListener('copy', (event) => this.copy(event));
    place.addEventListener('paste', (event) => this.paste(event));
    this.formulaBar.addEventListener('keydown', (event) => this.barKey(event));
    this.nameBox.addEventListener('keydown', (event) => this.nameKey(event));
  }

  /** Shows what is selected in the name box and the formula bar. */
  show() {
    const {row, column, rows, columns} = this.grid.selection;
    const last = rows * columns > 1 ? `:${a1(row + rows - 1, column + columns - 1)}` : '';
    if (document.activeElement !== this.nameBox) this.nameBox.value = a1(row, column) + last;
    if (document.activeElement !== this.formulaBar) this.formulaBar.value = this.source();
  }

  source() {
    const cell = this.grid.view.cell(this.grid.selection.row, this.grid.selection.column);
    return cell?.source ?? cell?.text ?? '';
  }

  async enter(texts, clear = null) {
    const {row, column} = this.grid.selection;
    const {spreadsheet, wanted} = this.grid.view;
    const body = {tab: wanted.tab, row, column, texts, ...(clear && {clear})};
    try {
      await post(`/apps-script/grid/enter?spreadsheet=${encodeURIComponent(spreadsheet)}`, body);
    } catch (error) {
      this.refused(error.message);
    }
    this.grid.view.soon();
  }

  /** @param {string=} text What replaces the content; without it, the content is changed. */
  async edit(text) {
    const {row, column} = this.grid.selection;
    this.grid.scrollTo(row, column);
    if (!this.grid.view.covers(row)) await this.grid.view.refresh();
    const cell = this.grid.element(row, column);
    if (!cell || this.editor) return;
    const editor = /** @type {HTMLTextAreaElement} */ (element('textarea', {
      class: 'editor', rows: '1', 'aria-label': `Edit ${a1(row, column)}`, spellcheck: 'false',
    }));
    editor.value = text ?? this.source();
    editor.style.left = `${cell.offsetLeft}px`;
    editor.style.top = `${cell.offsetTop}px`;
    editor.style.minWidth = `${cell.offsetWidth + 1}px`;
    editor.addEventListener('keydown', (event) => this.editorKey(event));
    editor.addEventListener('blur', () => this.commit());
    this.editor = editor;
    this.grid.sheet.append(editor);
    editor.focus();
  }

  commit() {
    const {editor} = this;
    if (!editor) return;
    this.editor = null;
    const changed = editor.value !== this.source();
    editor.remove();
    if (changed) this.enter([[editor.value]]);
  }

  cancel() {
    const {editor} = this;
    this.editor = null;
    editor?.remove();
    this.grid.place.focus();
  }

  editorKey(event) {
    event.stopPropagation();
    const step = {Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1]}[event.key];
    if (event.key === 'Escape') this.cancel();
    else if (step && !(event.key === 'Enter' && event.altKey)) {
      event.preventDefault();
      this.commit();
      this.grid.place.focus();
      this.move(...step, false);
    }
  }

  barKey(event) {
    if (event.key === 'Enter') {
      this.enter([[this.formulaBar.value]]);
      this.grid.place.focus();
    } else if (event.key === 'Escape') {
      this.grid.place.focus();
      this.show();
    }
  }

  nameKey(event) {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    const rect = event.key === 'Enter' && (parsed(this.nameBox.value) ?? this.named());
    this.grid.place.focus();
    if (rect) this.grid.select(rect);
    else this.show();
  }

  named() {
    const wanted = this.nameBox.value.trim().toLowerCase();
    const {names, tab} = this.grid.view.seen;
    const found = names.find(({name, sheet_id: id}) => name.toLowerCase() === wanted && id === tab.id);
    return found?.range ? parsed(found.range) : null;
  }

  key(event) {
    if (event.target === this.editor) return;
    const {key} = event;
    const held = event.ctrlKey || event.metaKey;
    const page = Math.max(1, this.grid.rowsOnScreen() - 1);
    const step = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
      PageDown: [page, 0], PageUp: [-page, 0],
    }[key];
    if (step) this.move(step[0], step[1], event.shiftKey, held);
    else if (key === 'Home') this.grid.select({...this.grid.selection, ...(held && {row: 0}), column: 0, rows: 1, columns: 1});
    else if (key === 'Enter' || key === 'F2') this.edit();
    else if (key === 'Delete' || key === 'Backspace') this.clear();
    else if (held && key === 'a') this.grid.select({row: 0, column: 0, rows: Infinity, columns: Infinity}, false);
    else if (key.length === 1 && !held && !event.altKey) this.edit(key);
    else return;
    event.preventDefault();
  }

  /** @param {boolean} extend With Shift. @param {boolean=} far With Ctrl: to the edge. */
  move(down, right, extend, far = false) {
    const {grid} = this;
    const {row, column, rows, columns} = grid.selection;
    const times = far ? 1e7 : 1;
    if (extend) {
      grid.select({row, column, rows: Math.max(1, rows + down * times), columns: Math.max(1, columns + right * times)}, false);
    } else {
      grid.select({row: row + down * times, column: column + right * times, rows: 1, columns: 1});
    }
  }

  clear() {
    const {rows, columns} = this.grid.selection;
    this.enter([['']], [rows, columns]);
  }

  press(event) {
    if (event.target === this.editor) return;
    const {grid} = this;
    const at = grid.under(event);
    const head = event.target.closest?.('.head')?.dataset;
    if (at) this.extendTo(at, event.shiftKey);
    else if (head?.column) grid.select({row: 0, column: Number(head.column), rows: Infinity, columns: 1}, false);
    else if (head?.row) grid.select({row: Number(head.row), column: 0, rows: 1, columns: Infinity}, false);
  }

  drag(event) {
    if (event.buttons !== 1 || this.editor) return;
    const at = this.grid.under(event);
    if (at) this.extendTo(at, true);
  }

  /** The active cell stays where it was pressed. */
  extendTo(at, extend) {
    const {row, column} = this.grid.selection;
    const grows = extend && at.row >= row && at.column >= column;
    this.grid.select(grows
      ? {row, column, rows: at.row - row + 1, columns: at.column - column + 1}
      : {row: at.row, column: at.column, rows: 1, columns: 1}, false);
  }

  copy(event) {
    if (event.target === this.editor) return;
    const {row, column, rows, columns} = this.grid.selection;
    const lines = [];
    for (let i = row; i < row + Math.min(rows, 10_000); i++) {
      const texts = [];
      for (let j = column; j < column + columns; j++) texts.push(this.grid.view.cell(i, j)?.text ?? '');
      lines.push(texts.join('\t'));
    }
    event.clipboardData.setData('text/plain', lines.join('\n'));
    event.preventDefault();
  }

  paste(event) {
    if (event.target === this.editor) return;
    const text = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '');
    this.enter(text.split(/\r?\n/).map((line) => line.split('\t')));
    event.preventDefault();
  }
}
