/**
 * @fileoverview Managed refresh is turned on: this person shows that they may edit the spreadsheet,
 * by writing into it what the backend's service account then reads and erases there.
 */

const NONCE = /^[A-Za-z0-9_-]{20,100}$/;

/**
 * Also after each edit of the export, and to take it over: the proof is asked for every time.
 *
 * @param {string} id
 * @param {*} schedule As for `setSchedule`; also {often: 'minutes', every: 15 or 30}.
 * @param {boolean=} titleRow As for `setSchedule`.
 * @return {*} {id, revision}
 */
function enableManaged(id, schedule, titleRow) {
  if (!fits_(EXPORTER, id) || !isSchedule_(schedule)) return trouble_('bad_request', false);
  return answered_(() => {
    const offer = callBackend_('managed_refresh/exporters/' + id + '/offer', {});
    if (offer.error) return offer;
    if (typeof offer.nonce !== 'string' || !NONCE.test(offer.nonce)) return trouble_('no_answer', true);
    return proven_(offer, () => {
      const body = Object.assign({nonce: offer.nonce, schedule}, titleRow === true ? {title_row: true} : {});
      const answer = callBackend_('managed_refresh/exporters/' + id + '/enable', body);
      saidLate_(answer);
      if (!answer.error) endDispatcher_();
      return answer;
    });
  });
}

/**
 * @param {*} offer @param {function(): *} work
 * @return {*} What the work gives, done while the proof stands in the spreadsheet.
 */
function proven_(offer, work) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  book.addDeveloperMetadata(offer.key, offer.nonce, SpreadsheetApp.DeveloperMetadataVisibility.DOCUMENT);
  SpreadsheetApp.flush();
  try {
    return work();
  } finally {
    // Where it was not shared yet, nobody has erased it.
    book.getDeveloperMetadata()
      .filter((each) => each.getKey() === offer.key && each.getValue() === offer.nonce)
      .forEach((each) => each.remove());
  }
}
