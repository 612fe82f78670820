/**
 * @fileoverview Where a table begins that somebody puts into a cell: that cell gets the block's
 * name, by which every run finds it, before the first one writes.
 */

/** A property holds 9 KB: https://developers.google.com/apps-script/guides/services/quotas */
const LET_GO_KEPT = 100;

/** @param {*} cell What was chosen; undefined: a new tab. @return {?{error: !Trouble}} */
function badPlace_(cell) {
  if (cell === undefined) return null;
  if (typeof cell !== 'string' || !CELL.test(cell)) return trouble_('bad_request', false);
  const range = cellRange_(cell);
  if (!range) return trouble_('cell_missing', false);
  return range.isBlank() && !isOurs_(range) ? null : trouble_('cell_taken', false);
}

/** @param {string} block @param {*} cell Nothing where the block has its place already. */
function placed_(block, cell) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  const range = cell === undefined || book.getRangeByName(block) ? null : cellRange_(cell);
  if (range) book.setNamedRange(block, range);
}

/** @param {GoogleAppsScript.Spreadsheet.Range} cell @return {boolean} It lies in a table of ours. */
function isOurs_(cell) {
  return ourRanges_().some((each) => isInside_(each.getRange(), cell));
}

/** @return {!Array<GoogleAppsScript.Spreadsheet.NamedRange>} */
function ourRanges_() {
  return SpreadsheetApp.getActiveSpreadsheet().getNamedRanges().filter((each) => BLOCK_NAME.test(each.getName()));
}

/**
 * Tables that are of no export that the backend lists for the person, and whose export was not
 * deleted here. Only this sheet is looked at: whether such exports exist elsewhere nobody is told.
 *
 * @param {!Array<*>} exporters
 * @param {!Array<string>} told Blocks of which the person is told otherwise, or was.
 * @return {{n: number, tabs: !Array<string>}}
 */
function othersTables_(exporters, told) {
  const known = exporters.map((each) => each.block).concat(letGoBlocks_(), told);
  const others = ourRanges_().filter((each) => !known.includes(each.getName()));
  const tabs = others.map((each) => each.getRange()).filter(Boolean).map((each) => each.getSheet().getName());
  return {n: others.length, tabs: [...new Set(tabs)]};
}

/** @return {!Array<string>} Blocks whose exports were deleted in this spreadsheet, by whomever. */
function letGoBlocks_() {
  return JSON.parse(PropertiesService.getDocumentProperties().getProperty('letGo') || '[]');
}

/**
 * Their exports are deleted, and the tables stay: nobody needs to be told of them any more. Those
 * that are gone from the sheet are forgotten, so that the list stays short. Where Google does not
 * keep it they are told of as others', which is no reason to call the deletion failed.
 *
 * @param {!Array<string>} blocks
 */
function letGo_(blocks) {
  answered_(() => {
    const standing = ourRanges_().map((each) => each.getName());
    const kept = [...new Set([...letGoBlocks_(), ...blocks])].filter((each) => standing.includes(each));
    PropertiesService.getDocumentProperties().setProperty('letGo', JSON.stringify(kept.slice(-LET_GO_KEPT)));
  });
}

/**
 * @param {GoogleAppsScript.Spreadsheet.Range} range @param {GoogleAppsScript.Spreadsheet.Range} cell
 * @return {boolean}
 */
function isInside_(range, cell) {
  const inside = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ count) =>
    at >= from && at < from + count;
  return range.getSheet().getSheetId() === cell.getSheet().getSheetId() &&
    inside(cell.getRow(), range.getRow(), range.getNumRows()) &&
    inside(cell.getColumn(), range.getColumn(), range.getNumColumns());
}
