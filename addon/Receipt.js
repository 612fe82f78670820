/**
 * @fileoverview A block's receipt: where it is, what it says, whether it fits, and who may replace
 * it. docs/operations.md ("The receipt") binds this and the backend's adapters/sheet_receipt.py.
 */

// https://developers.google.com/workspace/sheets/api/guides/metadata
const CHARACTERS_PER_TAB = 30000;
/** What every receipt has; what lacks it is none of ours. */
const RECEIPT_FIELDS = {
  state: 'string', run: 'string', rows: 'number', columns: 'number', keys: 'string', digest: 'object',
};

/** @param {!Writer} writer @param {*} op On the block's own tab, and in no other. */
function receipt_(writer, op) {
  keepTurn_(writer);
  checkReceipts_(writer);
  if (op.patched && op.state === 'writing') checkLines_(writer);
  const tab = block_(writer).getSheet();
  const text = JSON.stringify(receiptContent_(writer, op, writer.lay.marks));
  const found = receipts_(writer);
  const here = found.find((each) => homeOf_(each) === tab.getSheetId());
  const {DOCUMENT} = SpreadsheetApp.DeveloperMetadataVisibility;
  if (here) here.setValue(text);
  else tab.addDeveloperMetadata(receiptKey_(writer), text, DOCUMENT);
  found.forEach((each) => each !== here && each.remove());
}

/** @param {!Writer} writer @return {*} What the last run left, in whatever tab, or null. */
function receiptOf_(writer) {
  for (const each of receipts_(writer)) {
    try {
      const receipt = JSON.parse(each.getValue() || '');
      const fits = Object.entries(RECEIPT_FIELDS).every(([name, type]) => typeof receipt[name] === type);
      if (isObject_(receipt) && fits) return receipt;
    } catch (_) {
      // Somebody else's text: as if it were not there.
    }
  }
  return null;
}

/** @param {!Writer} writer Stops where a later run of this export has signed. */
function keepTurn_(writer) {
  if (writer.fence === null) return;
  const seen = receiptOf_(writer);
  if (seen && seen.fence > writer.fence) throw stop_('superseded', WORDS.writer.superseded);
}

/** @param {!Writer} writer Stops where what this step is going to sign does not fit into the tab. */
function checkReceipts_(writer) {
  if (!writer.receipts.length) return;
  const key = receiptKey_(writer);
  const all = block_(writer).getSheet().createDeveloperMetadataFinder().find();
  const others = all.filter((each) => each.getKey() !== key).reduce((sum, each) =>
    sum + each.getKey().length + (each.getValue() || '').length, 0);
  for (const op of writer.receipts) {
    const {digest} = op.patched ? patchedExtent_(writer, {state: 'done'}) : op;
    const text = JSON.stringify(receiptContent_(writer, op, longMarks_(op.columns, sentRows_(digest))));
    if (others + key.length + text.length > CHARACTERS_PER_TAB) {
      throw stop_('receipt_full', WORDS.writer.receipt_full);
    }
  }
}

/** @param {!Writer} writer @param {*} op @param {?Marks} marks @return {!Object} */
function receiptContent_(writer, op, marks) {
  const {lay} = writer;
  const places = layOf_(lay, op.columns);
  const content = Object.assign({}, op, {op: undefined, patched: undefined, header_rows: undefined},
    op.patched ? patchedExtent_(writer, op) : {});
  if (lay.places.length && places.some((at, i) => at !== i)) content.places = places;
  if (op.state === 'done' && marks) content.marks = marks;
  if (op.state === 'done' && writer.formulas.length) content.formulas = writer.formulas;
  if (op.state === 'writing') {
    const once = wasDone_((writer.old && writer.old.receipt) || {});
    const unset = unsetTitles_(writer, op);
    Object.assign(content, forRepair_(lay, places), unset ? {unset} : {}, once ? {once} : {}, isLive_(writer) ? {live: true} : {});
  }
  return content;
}

/** @param {*} receipt @return {boolean} Whether a run of this export was ever done. */
function wasDone_(receipt) {
  return receipt.state === 'done' || Boolean(receipt.once);
}

/** @param {!Lay} lay @param {!Array<number>} places @return {!Object} What a kill leaves to the next run. */
function forRepair_(lay, places) {
  const stale = lay.stale.filter((at) => !places.includes(at));
  const given = [...lay.given].sort(([a], [b]) => a - b);
  return {
    titles: lay.known.length ? lay.known.join('') : undefined,
    given: given.length ? given : undefined,
    stale: stale.length ? stale : undefined,
    was: lay.before || undefined,
  };
}

/** @param {!Writer} writer @return {string} */
function receiptKey_(writer) {
  return 'counterfoil:' + writer.block;
}

/**
 * @param {!Writer} writer
 * @return {!Array<GoogleAppsScript.Spreadsheet.DeveloperMetadata>} Those of the block's own tab
 *   first: cells that were cut and pasted leave their receipt behind.
 */
function receipts_(writer) {
  const range = writer.book.getRangeByName(writer.block);
  const tabs = writer.book.getSheets().map((tab) => tab.getSheetId());
  const order = range ? [range.getSheet().getSheetId(), ...tabs] : tabs;
  const rank = (/** @type {*} */ item) => order.indexOf(homeOf_(item));
  const found = writer.book.createDeveloperMetadataFinder().withKey(receiptKey_(writer)).find();
  return found.filter((each) => rank(each) >= 0).sort((a, b) => rank(a) - rank(b));
}

/** @param {GoogleAppsScript.Spreadsheet.DeveloperMetadata} item @return {number} Its tab, or -1. */
function homeOf_(item) {
  const tab = item.getLocation().getSheet();
  return tab ? tab.getSheetId() : -1;
}

/** @param {*} digest @return {number} How many data rows it is of. */
function sentRows_(digest) {
  return digest.chunks.reduce((/** @type {number} */ sum, /** @type {!Array<number>} */ chunk) =>
    sum + chunk[0] * chunk[1], 0);
}
