/** What the page has seen of the grid: asks the sandbox again until something has changed. */

import {get} from './server.js';

const EVERY_MS = 300;
/** Rows asked for above and below what is on the screen, so that scrolling finds them there. */
const MARGIN = 60;

export class View {
  /** @param {string} spreadsheet @param {function()} changed Called after each new answer. */
  constructor(spreadsheet, changed) {
    this.spreadsheet = spreadsheet;
    this.changed = changed;
    /** The last answer: sandbox/google/snapshot.py */
    this.seen = null;
    /** @type {Map<string, Object>} Cells by "row,column", counted from 0. */
    this.cells = new Map();
    this.wanted = {tab: -1, row: 0, rows: 120};
    this.asked = null;
    this.again = null;
  }

  /** Keeps on asking. A sandbox that went away is asked again, too. */
  async follow() {
    for (;;) {
      await this.refresh().catch(() => {});
      await new Promise((go) => {
        this.again = go;
        setTimeout(go, EVERY_MS);
      });
    }
  }

  /** Asks now rather than at the next turn. */
  soon() {
    this.again?.();
  }

  /** An answer that others have overtaken is none: it would lead back to where they came from. */
  async refresh() {
    for (;;) {
      const asked = JSON.stringify(this.wanted);
      const same = this.seen && asked === this.asked;
      const query = new URLSearchParams({
        spreadsheet: this.spreadsheet, ...this.wanted, ...(same ? {since: this.seen.version} : {}),
      });
      const answer = await get(`/apps-script/grid?${query}`);
      if (asked !== JSON.stringify(this.wanted)) continue;
      if (answer) this.see(answer);
      return;
    }
  }

  see(answer) {
    if (this.wanted.tab !== answer.tab.id) this.wanted = {...this.wanted, tab: answer.tab.id};
    this.asked = JSON.stringify(this.wanted);
    this.seen = answer;
    this.cells = new Map(answer.cells.map(([row, column, cell]) => [`${row},${column}`, cell]));
    this.changed();
  }

  cell(row, column) {
    return this.cells.get(`${row},${column}`);
  }

  /** Whether that row is known, or would look blank because it has not arrived yet. */
  covers(row) {
    const {first_row: first, rows, tab} = this.seen;
    return (row >= first && row < first + rows) || row < tab.frozen_rows;
  }

  /** The tab and the rows that are on the screen. */
  want(tab, first, count) {
    // Somebody went to another tab, which is on its way: what is drawn anew meanwhile is the old one.
    if (tab !== this.wanted.tab) return;
    const inside = first >= this.wanted.row && first + count <= this.wanted.row + this.wanted.rows;
    if (inside) return;
    const row = Math.max(0, first - MARGIN);
    this.wanted = {tab, row, rows: count + 2 * MARGIN};
    this.soon();
  }
}
