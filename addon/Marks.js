/**
 * @fileoverview Marks: what a receipt keeps so that a run can tell a sorted block, a renamed header
 * and a column of the user's from a changed cell. Defined in docs/operations.md ("Marks"), where
 * core/marks.py of the backend is bound as well.
 */

const MARK = 4; // characters, 24 bits
const KEY_MARK = 6;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** @type {!Array<number>} */
const CRC_TABLE = [];

/**
 * @typedef {{head: string, titles: string, columns: string, rows: string}} Marks Many marks are one
 *   text, so that a report of a thousand columns fits into a receipt.
 * @typedef {{head: string, titles: !Array<string>, columns: !Array<string>,
 *   rows: !Array<string>}} MarkLists
 */

/** @param {!Array<number>} key @param {string} kind @param {string} text @return {string} */
function mark_(key, kind, text) {
  const twelveBits = hmac_(key, kind + '\n' + text).slice(0, 6).match(/.{3}/g) || [];
  return twelveBits.map((three) => parseInt(three, 16))
      .map((bits) => BASE64[bits >> 6] + BASE64[bits & 63]).join('');
}

/** @param {string} text @param {number} width @return {!Array<string>} The marks in it. */
function cut_(text, width) {
  return text.match(new RegExp('.{' + width + '}', 'g')) || [];
}

/** @param {*} receipt @return {?MarkLists} The marks of a receipt, one by one. */
function keptMarks_({marks}) {
  if (!marks) return null;
  const [titles, columns, rows] = [marks.titles, marks.columns, marks.rows].map((text) => cut_(text, MARK));
  return {head: marks.head, titles, columns, rows};
}

/**
 * @param {number} columns @param {number} rows
 * @return {!Marks} As long as those of such a block will be.
 */
function longMarks_(columns, rows) {
  const text = (/** @type {number} */ marks) => '.'.repeat(MARK * marks);
  return {head: text(1), titles: text(columns), columns: text(columns), rows: text(1 + 2 * digits_(rows))};
}

/** @param {!Array<number>} key @param {*} title @return {string} */
function titleMark_(key, title) {
  return mark_(key, 'title', JSON.stringify([[title]]));
}

/** @param {!Array<number>} key @param {!Array<!Array<*>>} rows @param {number} column */
function columnMark_(key, rows, column) {
  const texts = rows.map((row) => JSON.stringify([[row[column]]]));
  return mark_(key, 'column', texts.sort().join('\n'));
}

/**
 * @param {!Array<!Array<*>>} rows
 * @return {{rows: !Array<number>, sums: !Array<string>}} Rows in the order of their own texts, and
 *   checksums in that order.
 */
function order_(rows) {
  const texts = rows.map((row) => JSON.stringify([row]));
  const places = texts.map((_, i) => i).sort((a, b) =>
    (texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : a - b));
  return {rows: places, sums: places.map((place) => crc32_(texts[place]))};
}

/**
 * @param {!Array<number>} key @param {!Array<string>} sums
 * @return {!Array<string>} Of all rows; then for each binary digit of a row's place, the lowest
 *   first, of those where it is 0 and of those where it is 1.
 */
function rowMarks_(key, sums) {
  const made = [mark_(key, 'rows', sums.join(''))];
  for (let bit = 0; bit < digits_(sums.length); bit++) {
    for (const value of [0, 1]) {
      const some = sums.filter((_, i) => ((i >> bit) & 1) === value);
      made.push(mark_(key, 'rows ' + bit + ' ' + value, some.join('')));
    }
  }
  return made;
}

/**
 * @param {string} hex The digest's key. @param {!Array<!Array<*>>} head Header rows above the titles.
 * @param {!Array<*>} titles @param {!Array<!Array<*>>} rows @param {number} columns
 * @param {!Array<string>=} kept Marks of the titles that stay as they were written: those that are null.
 * @return {!Marks}
 */
function marksOf_(hex, head, titles, rows, columns, kept = []) {
  const key = bytes_(hex);
  return {
    head: mark_(key, 'head', JSON.stringify(head)),
    titles: titles.map((title, i) => (title === null ? kept[i] : titleMark_(key, title))).join(''),
    columns: Array.from({length: columns}, (_, j) => columnMark_(key, rows, j)).join(''),
    rows: rowMarks_(key, order_(rows).sums).join(''),
  };
}

/**
 * @param {!MarkLists} kept @param {!Array<string>} titles Marks of what was found, as `columns`.
 * @param {!Array<string>} columns
 * @param {string} blank The mark of no title.
 * @return {?Array<number>} Where each column of ours is now: known by title and data, or else by
 *   its title, or else by its data (of several with the same, as in a table without rows, by having
 *   a title). Null where one cannot be told.
 */
function placesOf_(kept, titles, columns, blank) {
  /** @type {!Array<number>} */
  const place = [];
  const free = new Set(titles.keys());
  const take = (/** @type {number} */ i, /** @type {number} */ at) => {
    place[i] = at;
    free.delete(at);
  };
  for (const [titled, filled] of [[true, true], [true, false], [false, true]]) {
    kept.titles.forEach((title, i) => {
      const known = (/** @type {number} */ at) =>
        (!titled || titles[at] === title) && (!filled || columns[at] === kept.columns[i]);
      const fits = place[i] === undefined ? [...free].filter(known) : [];
      const at = titled ? fits[0] : fits.find((each) => titles[each] !== blank) ?? fits[0];
      if (at !== undefined) take(i, at);
    });
  }
  // Both renamed and changed: where only it is missing, it is the one in its old place.
  kept.titles.forEach((_, i) => {
    const stayed = titles.length === kept.titles.length && free.has(i);
    if (place[i] === undefined && stayed) take(i, i);
  });
  return kept.titles.every((_, i) => place[i] !== undefined) ? place : null;
}

/**
 * @param {!Array<number>} key @param {!Array<string>} kept
 * @param {{rows: !Array<number>, sums: !Array<string>}} ordered
 * @return {?number} The one row that differs, or null where there are more of them.
 */
function changedRow_(key, kept, ordered) {
  const found = rowMarks_(key, ordered.sums);
  let at = 0;
  for (let bit = 0; bit < digits_(ordered.rows.length); bit++) {
    const [zero, one] = [1 + 2 * bit, 2 + 2 * bit].map((i) => found[i] !== kept[i]);
    if (zero === one) return null;
    at += one ? 2 ** bit : 0;
  }
  return found.length === kept.length && at in ordered.rows ? ordered.rows[at] : null;
}

/** @param {number} rows @return {number} How many binary digits the last place has. */
function digits_(rows) {
  return rows > 1 ? (rows - 1).toString(2).length : 0;
}

/** @param {string} text @return {string} CRC-32 of its UTF-16 code units, big end first, in hex. */
function crc32_(text) {
  for (let n = CRC_TABLE.length; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    CRC_TABLE.push(c);
  }
  let crc = -1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    crc = CRC_TABLE[(crc ^ (unit >> 8)) & 255] ^ (crc >>> 8);
    crc = CRC_TABLE[(crc ^ unit) & 255] ^ (crc >>> 8);
  }
  return ((crc ^ -1) >>> 0).toString(16).padStart(8, '0');
}
