/**
 * @fileoverview What the sidebar may call. Any collaborator can call these from a browser's
 * console, so each checks what it is given; each answers data, `{error}` included, and none throws.
 */

const CURSOR = /^[\x21-\x7e]+$/;
const LONGEST_CURSOR = 800000; // As the backend takes them.

/** @return {*} Who is here, their companies, this sheet's exports and its zone. */
function home() {
  return answered_(() => {
    const book = SpreadsheetApp.getActiveSpreadsheet();
    const answer = callBackend_('home', {});
    if (answer.error) return answer;
    const zone = book.getSpreadsheetTimeZone();
    const today = Utilities.formatDate(new Date(), zone, 'yyyy-MM-dd');
    const kept = allKept_();
    const exporters = answer.exporters.map((/** @type {*} */ each) => {
      const range = book.getRangeByName(each.block);
      const tab = range ? range.getSheet().getName() : null;
      return Object.assign({}, each, {tab: tab, kept: shownKept_(kept, each.id)});
    });
    const lost = lostTables_(answer.exporters, answer.connections || []);
    const told = [...lost.flatMap((each) => each.blocks), ...toldTables_()];
    const sheet = {
      zone: zone, today: today, trouble: wokenDispatcher_() || hourlyTrouble_(), lost: lost, others: othersTables_(answer.exporters, told),
    };
    const open = openedAt_();
    return Object.assign({}, answer, {exporters: exporters, sheet: sheet}, open ? {open: open} : {});
  });
}

/** @return {*} What can be exported. */
function catalog() {
  return answered_(() => callBackend_('catalog', {}));
}

/** @return {*} The companies of the person, with their health. */
function connections() {
  return answered_(() => callBackend_('connections', {}));
}

/**
 * @param {?string} reconnectId The company to reconnect; null for another one.
 * @return {*} {url, attempt, expires_in_s}
 */
function connectTicket(reconnectId) {
  if (reconnectId !== null && !isName_(reconnectId)) return trouble_('bad_request', false);
  return answered_(() => callBackend_('connections/ticket', {reconnect: reconnectId}));
}

/**
 * @param {string} attemptId
 * @return {*} {state, code, message, connection}
 */
function connectAttempt(attemptId) {
  if (!isName_(attemptId)) return trouble_('bad_request', false);
  return answered_(() => callBackend_('connections/attempt', {attempt: attemptId}));
}

/**
 * The first step of a new export.
 *
 * @param {*} request {kind: 'entities'|'reports', dataset, connection_id, options, tab}; with
 *   `cell` the table begins there, not in a new tab.
 * @param {string=} turn The sidebar's name for this going of a run, by which `stopRun` can stop it.
 * @return {*} See `stepOrStopped_`.
 */
function startExport(request, turn) {
  return answered_(() => {
    const body = exportBody_(request);
    if (!body) return trouble_('bad_request', false);
    const why = badPlace_(request.cell);
    if (why) return why;
    const step = callWithCells_('export/' + request.kind + '/' + request.dataset, body);
    if (!step.error) placed_(step.block, request.cell);
    return stepOrStopped_(step, false, turn);
  });
}

/**
 * How large an export would be. Lists and transactions cost one call of QuickBooks.
 *
 * @param {*} request As for `startExport`.
 * @return {*} {rows, columns, cells, calls}; rows and cells null where nobody knows before.
 */
function estimate(request) {
  return answered_(() => {
    const body = exportBody_(request);
    if (!body) return trouble_('bad_request', false);
    return callWithCells_('export/' + request.kind + '/' + request.dataset + '/estimate', body);
  });
}

/**
 * The first rows that an export would bring. It costs one call of QuickBooks.
 *
 * @param {*} request As for `startExport`.
 * @return {*} {columns, rows, more}, all of it texts; of a report also how it is printed.
 */
function preview(request) {
  return answered_(() => {
    const body = exportBody_(request);
    if (!body) return trouble_('bad_request', false);
    return callWithCells_('export/' + request.kind + '/' + request.dataset + '/preview', body);
  });
}

/**
 * @param {string} cursor Of the step before. The same cursor may be handed in again.
 * @param {string=} turn
 * @return {*} See `stepOrStopped_`.
 */
function nextStep(cursor, turn) {
  const good = typeof cursor === 'string' && cursor.length <= LONGEST_CURSOR && CURSOR.test(cursor);
  if (!good) return trouble_('bad_request', false);
  return answered_(() => stepOrStopped_(callWithCells_('export/steps', {cursor: cursor}), true, turn));
}

/**
 * The first step of a saved export's next run.
 *
 * @param {string} exporterId
 * @param {boolean=} replace Whatever people did to the table: a tab of its own keeps a copy.
 * @param {boolean=} takeOver Also where somebody's run of it is parked: that one ends.
 * @param {boolean=} tidyUp Lines and columns of a report that are gone leave the sheet.
 * @param {*=} press {together, after}: exports that the same press runs behind this one, and a run
 *   before it. Updates of one company share a call of QuickBooks then.
 * @param {string=} turn
 * @return {*} See `stepOrStopped_`.
 */
function runAgain(exporterId, replace, takeOver, tidyUp, press, turn) {
  if (!isName_(exporterId)) return trouble_('bad_request', false);
  const path = 'export/exporters/' + exporterId + '/run';
  const asked = Object.assign(replace === true ? {replace: true} : {},
    takeOver === true ? {take_over: true} : {}, tidyUp === true ? {tidy_up: true} : {}, pressOf_(press));
  return answered_(() => stepOrStopped_(callWithCells_(path, asked), false, turn));
}

/**
 * The next step of a run of this person's that was left half-way: now, not when the hour comes.
 *
 * @param {string} exporterId
 * @param {string=} turn
 * @return {*} See `stepOrStopped_`.
 */
function goOn(exporterId, turn) {
  if (!isName_(exporterId)) return trouble_('bad_request', false);
  return answered_(() => {
    const kept = kept_(exporterId);
    return kept ? goOnOnce_(kept, turn) : trouble_('nothing_kept', false);
  });
}

/**
 * Cancel was pressed: what the step brings that is on its way here is not written. That step runs
 * beside this call, and looks once its answer is there; Google may begin the two in either order.
 *
 * @param {string} turn As it was handed in with the step: no other view's run is stopped.
 * @return {*} {ok: true}
 */
function stopRun(turn) {
  if (!isName_(turn)) return trouble_('bad_request', false);
  return answered_(() => {
    PropertiesService.getUserProperties().setProperty('stop:' + bookId_(), turn);
    return {ok: true};
  });
}

/**
 * @param {*} step @param {boolean} resumable @param {*} turn
 * @return {*} See `step_`; {cancelled: true} with it where the person has stopped it meanwhile:
 *   nothing of it was applied, so no step can follow, and nothing goes on by itself.
 */
function stepOrStopped_(step, resumable, turn) {
  const properties = PropertiesService.getUserProperties();
  const name = 'stop:' + bookId_();
  if (step.error || !isName_(turn) || properties.getProperty(name) !== turn) return step_(step, resumable);
  properties.deleteProperty(name);
  over_(step.exporter_id);
  const answer = Object.assign({}, step, {cancelled: true});
  delete answer.operations;
  return answer;
}

/**
 * Gives up a run: what had arrived in its hidden tab goes, the table stays as it was.
 *
 * @param {string} runId
 * @return {*} {ok: true}
 */
function abandon(runId) {
  if (!isName_(runId)) return trouble_('bad_request', false);
  return answered_(() => {
    const dropped = dropped_(runId);
    acknowledge_(runId, false, null, null, 'cancelled');
    allKept_().filter(({run_id}) => run_id === runId).forEach((kept) => over_(kept.exporter_id));
    return dropped.applied ? {ok: true} : refusal_(dropped);
  });
}

/**
 * Takes the person to a table.
 *
 * @param {string} block Its named range.
 * @return {*} {ok: true}
 */
function showBlock(block) {
  if (!isName_(block)) return trouble_('bad_request', false);
  return answered_(() => {
    const range = SpreadsheetApp.getActiveSpreadsheet().getRangeByName(block);
    if (!range) return trouble_('block_missing', false);
    range.getSheet().activate();
    range.activate();
    return {ok: true};
  });
}

/**
 * Takes the person to the cells that stopped a run.
 *
 * @param {string} cell Such as 'My tab'!C7.
 * @return {*} {ok: true}
 */
function showCell(cell) {
  if (typeof cell !== 'string') return trouble_('bad_request', false);
  const parts = /^'((?:[^']|'')+)'!([A-Z]{1,3}\d{1,8}(?::[A-Z]{1,3}\d{1,8})?)$/.exec(cell) || [];
  if (!parts[2]) return trouble_('bad_request', false);
  return answered_(() => {
    const tab = SpreadsheetApp.getActiveSpreadsheet().getSheetByName(parts[1].replace(/''/g, "'"));
    if (!tab) return trouble_('block_missing', false);
    tab.activate();
    tab.getRange(parts[2]).activate();
    return {ok: true};
  });
}

/**
 * Applies a step that the backend answered, and after the last one tells the backend how it went.
 *
 * @param {*} step
 * @param {boolean} resumable The sidebar has the cursor that led here, and may hand it in again.
 * @return {*} {run_id, run_short, exporter_id, block, title, cursor, wait_s, progress, proof,
 *   seen, note, kept, why_not}, without any row; `seen` once the last `expect` has looked; `kept`
 *   where it would go on without the sidebar, `why_not` where it would not; both it and `note` are
 *   sentences.
 */
function step_(step, resumable) {
  if (step.error) {
    if (step.error.run_id) dropped_(step.error.run_id);
    if (step.error.ended && step.error.exporter_id) over_(step.error.exporter_id);
    return step;
  }
  const done = step.operations.length
    ? applyOperations_(step.operations, step.block)
    : {applied: true, seen: null};
  if (!done.applied) return failed_(step, done, resumable);
  const code = done.code || null;
  if (step.cursor === null) {
    acknowledge_(step.run_id, true, done.seen || null, null, code);
    noTrouble_(step.exporter_id);
    over_(step.exporter_id);
  }
  const seen = done.seen ? shownSeen_(step, done.seen) : null;
  const answer = Object.assign({}, step, {seen: seen});
  // The proof is of what was sent now, which the table does not hold.
  if (code) Object.assign(answer, {proof: null, note: WORDS.writer.written_before});
  delete answer.operations;
  return step.cursor === null ? answer : Object.assign(answer, goesOn_(step, resumable));
}

/**
 * Keeps the run for when this person's tab is closed.
 *
 * @param {*} step @param {boolean} known Whether its first step has seen to the dispatcher.
 * @return {{kept: boolean, why_not: ?string}}
 */
function goesOn_(step, known) {
  const why = known ? null : ensureDispatcher_();
  const kept = keep_(step, Date.now() + step.wait_s * 1000 + SIDEBAR_MS);
  return {kept: kept && why === null, why_not: why};
}

/** @param {string} exporterId Its run has ended: nothing of it is left to go on with. */
function over_(exporterId) {
  forget_(exporterId);
  endDispatcher_();
}

/**
 * @param {!Array<!Kept>} all @param {string} exporterId
 * @return {?{goes_on_at: ?string, anew: boolean}} `goes_on_at` is null where no trigger was given.
 */
function shownKept_(all, exporterId) {
  const kept = all.find(({exporter_id}) => exporter_id === exporterId);
  if (!kept) return null;
  const called = PropertiesService.getUserProperties().getProperty(hourName_('uid', bookId_()));
  const next = nextHour_(Math.max(kept.due, Date.now()));
  return {goes_on_at: called ? new Date(next).toISOString() : null, anew: kept.parts === 0};
}

/**
 * @param {*} step
 * @param {!Applied} done
 * @param {boolean} resumable
 * @return {{error: !Trouble}}
 */
function failed_(step, done, resumable) {
  // Another writer at work is no failure of this run, while the same step can be asked for again.
  if (done.code === 'sheet_busy' && resumable) return refusal_(done);
  const op = done.op === undefined ? null : done.op;
  acknowledge_(step.run_id, false, null, op, done.code || null);
  // Nothing was written while somebody else was at it: no second wait for the lock.
  if (done.code !== 'sheet_busy') dropped_(step.run_id);
  over_(step.exporter_id);
  // The exporter stays, and may have its tab already: trying again means to run it again.
  const more = {ended: true, run_short: step.run_short, exporter_id: step.exporter_id};
  if (done.cell) Object.assign(more, {cell: done.cell, replaceable: isOld_(step, done)});
  return {error: Object.assign(refusal_(done).error, more)};
}

/** @param {*} step @param {!Applied} done @return {boolean} It was the block before the run. */
function isOld_(step, done) {
  const op = step.operations[done.op === undefined ? -1 : done.op];
  return Boolean(op) && op.op === 'expect' && op.on === 'old';
}

/** @param {!Applied} done @return {{error: !Trouble}} */
function refusal_(done) {
  const code = done.code || 'refused';
  return {error: {code: code, message: done.why || '', retryable: code === 'sheet_busy'}};
}

/** @param {string} runId @return {!Applied} */
function dropped_(runId) {
  return applyOperations_([{op: 'drop_stage', run: runId}], '');
}

/**
 * @param {*} step
 * @param {!Seen} seen
 * @return {*} With the title and the places after the point of each sum, for showing.
 */
function shownSeen_(step, seen) {
  const looks = step.operations.filter((/** @type {*} */ op) => op.op === 'expect');
  const {header_rows: header, sums} = looks[looks.length - 1];
  const range = SpreadsheetApp.getActiveSpreadsheet().getRangeByName(step.block);
  const row = header && range ? at_(range, header - 1, 0, 1, range.getNumColumns()) : null;
  const titles = row ? row.getValues()[0] : [];
  const totals = sums.flatMap((/** @type {*} */ {column, scale}, /** @type {number} */ i) => {
    const one = {title: String(titles[column]), scale};
    const all = (seen.by_currency || [])[i];
    return all ? Object.keys(all).sort().map((currency) => ({...one, sum: all[currency], currency})) : [{...one, sum: seen.sums[i]}];
  });
  const told = {rows: seen.rows, digest: seen.digest, totals: totals};
  return seen.news ? Object.assign(told, {changes: changesOf_(seen)}) : told;
}

/** @param {!Seen} seen @return {!Object} What a run did, for the person: the backend is not told. */
function changesOf_(seen) {
  const names = ['new', 'changed', 'removed', 'left', 'marked', 'gone', 'closed', 'news'];
  return Object.fromEntries(names.map((name) => [name, /** @type {*} */ (seen)[name]]).filter(([, it]) => it !== undefined));
}

/**
 * That the backend was not told changes nothing in the sheet, so it is no error here.
 *
 * @param {string} runId @param {boolean} applied @param {?Seen} seen @param {?number} op
 * @param {?string} code
 */
function acknowledge_(runId, applied, seen, op, code) {
  // Of what was seen the backend needs no sum of anybody's amounts.
  const rows = seen && {rows: seen.rows};
  const report = {run_id: runId, applied: applied, seen: rows, op: op, why_code: code};
  callBackend_('runs/acknowledge', report);
}
