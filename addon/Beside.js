/**
 * @fileoverview What people have in whole rows or columns that the block shares with them, read once
 * for all of these: what is gone lies scattered between what stays. The backend's half is
 * adapters/sheet_beside.py.
 */

/**
 * @param {!Writer} writer @param {number} header
 * @return {!Set<number>} The data rows with something of a person's: a value or a formula outside our
 *   columns, or a note on any cell.
 */
function beside_(writer, header) {
  const area = block_(writer);
  if (area.getNumRows() <= header) return new Set();
  return new Set(heldBeside_(area, header, [...writer.lay.was.values()]));
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} area @param {number} header
 * @param {!Array<number>} columns Ours, counted in the block.
 * @return {!Array<number>} The data rows, of which there is one at least, that hold something outside them, or a note.
 */
function heldBeside_(area, header, columns) {
  const ours = new Set(columns.map((at) => area.getColumn() - 1 + at));
  const [tab, rows] = [area.getSheet(), area.getNumRows() - header];
  const place = tab.getRange(area.getRow() + header, 1, rows, tab.getMaxColumns());
  const notes = place.getNotes();
  return filled_(place).flatMap((line, i) =>
    (notes[i].some(Boolean) || line.some((is, j) => is && !ours.has(j)) ? [i] : []));
}

/**
 * Reads once for all of them: what is gone lies scattered between what stays.
 * @param {!Tab} tab @param {!Rect} now @param {!Array<!Array<number>>} places Ascending.
 * @param {boolean} rows @param {!Array<number>} columns Ours.
 */
function nothingBeside_(tab, now, places, rows, columns) {
  if (!places.length) return;
  const ours = new Set(columns.map((at) => now.column + at));
  const [first, end] = [places[0][0], places[places.length - 1]];
  const high = end[0] + end[1] - first;
  const place = rows
    ? tab.getRange(now.row + first, 1, high, tab.getMaxColumns())
    : tab.getRange(1, now.column + first, tab.getMaxRows(), high);
  const [top, left, notes, filled] = [place.getRow(), place.getColumn(), place.getNotes(), filled_(place)];
  const isHeld = (/** @type {number} */ i, /** @type {number} */ j) => {
    const inside = top + i >= now.row && top + i < now.row + now.rows && (!rows || ours.has(left + j));
    const isTitle = inside && top + i === now.row; // The note on it is ours.
    return (filled[i][j] && !inside) || (notes[i][j] !== '' && !isTitle);
  };
  for (const [at, count] of places) {
    const [row, column] = rows ? [at - first, 0] : [0, at - first];
    const [last, right] = rows ? [row + count, filled[0].length] : [filled.length, column + count];
    for (let i = row; i < last; i++) {
      for (let j = column; j < right; j++) {
        if (!isHeld(i, j)) continue;
        throw stopAt_('beside', WORDS.writer.beside, tab, {row: top + i, column: left + j, rows: 1, columns: 1});
      }
    }
  }
}
