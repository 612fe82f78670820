/**
 * @fileoverview Tables whose exports the person has seen in this sheet and sees no more: somebody
 * deleted the company, in whatever spreadsheet, or took them out of it. The backend answers both as
 * if nothing had ever been, so what was seen is remembered here, for the person alone.
 */

/** A property holds 9 KB: https://developers.google.com/apps-script/guides/services/quotas */
const SEEN_LONGEST = 8000;

/**
 * Remembers what is listed now.
 *
 * @param {!Array<*>} exporters @param {!Array<*>} connections As `home` answers them.
 * @return {!Array<{company: string, tabs: !Array<string>, blocks: !Array<string>}>} By company.
 */
function lostTables_(exporters, connections) {
  const standing = new Map(ourRanges_().map((each) => [each.getName(), each.getRange()]));
  const listed = new Map(exporters.map((each) => [each.block, each.connection_name || '']));
  const [seen, letGo] = [seenTables_(), letGoBlocks_()];
  const gone = Object.keys(seen).filter((block) => standing.has(block) && !listed.has(block));
  keepSeen_(seen, Object.fromEntries([
    ...gone.map((block) => [block, seen[block]]),
    ...[...listed].filter(([block, company]) => standing.has(block) && company),
  ]));
  const mine = connections.map((each) => each.name);
  /** @type {!Map<string, {company: string, tabs: !Array<string>, blocks: !Array<string>}>} */
  const lost = new Map();
  for (const block of gone) {
    const company = seen[block];
    const range = standing.get(block);
    // Of a company that is there still the export was deleted; "" was told already.
    if (!company || mine.includes(company) || letGo.includes(block) || !range) continue;
    const of = lost.get(company) || {company, tabs: [], blocks: []};
    const tab = range.getSheet().getName();
    lost.set(company, {company, tabs: [...new Set([...of.tabs, tab])], blocks: [...of.blocks, block]});
  }
  return [...lost.values()];
}

/** @param {*} blocks Of tables that the person is to be told of no more. @return {*} {ok: true} */
function forgetTables(blocks) {
  if (!Array.isArray(blocks) || !blocks.every((each) => fits_(BLOCK_NAME, each))) return trouble_('bad_request', false);
  return answered_(() => {
    const seen = seenTables_();
    keepSeen_(seen, Object.assign({}, seen, Object.fromEntries(blocks.map((each) => [each, '']))));
    return {ok: true};
  });
}

/** @return {!Array<string>} Blocks that the person has been told of. */
function toldTables_() {
  const seen = seenTables_();
  return Object.keys(seen).filter((block) => !seen[block]);
}

/** @return {!Object<string, string>} Companies' names by block; "" where the person was told. */
function seenTables_() {
  const text = PropertiesService.getUserProperties().getProperty('tables:' + bookId_());
  return text ? JSON.parse(text) : {};
}

/**
 * @param {!Object<string, string>} before @param {!Object<string, string>} now The oldest are
 *   forgotten where there is no room.
 */
function keepSeen_(before, now) {
  const entries = Object.entries(now);
  // A character of UTF-16 is three bytes at most.
  const bytes = () => JSON.stringify(Object.fromEntries(entries)).replace(/[^\0-\x7f]/g, '...').length;
  while (bytes() > SEEN_LONGEST) entries.shift();
  const text = JSON.stringify(Object.fromEntries(entries));
  if (text === JSON.stringify(before)) return;
  try {
    PropertiesService.getUserProperties().setProperty('tables:' + bookId_(), text);
  } catch (_) {
    // No room, or too often: such a table is told of like any other that is not listed.
  }
}
