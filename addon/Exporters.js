/**
 * @fileoverview What the sidebar can ask about the saved exports of this spreadsheet; `home` lists
 * them. The backend decides who may, and checks what a document says as if it were typed.
 */

const EXPORTER = /^exp_[\w-]{8,64}$/;
const LONGEST_DOCUMENT = 200000;
const DEEPEST_DOCUMENT = 20; // Thousands of levels end in no sentence: what reads them runs out of its stack.
// So many times can an export be saved; the backend knows the same bound.
const MOST_REVISIONS = 1000000000;

/**
 * @param {*} request As for `startExport`.
 * @param {string} name What the export is called.
 * @return {*} The export, which has not run yet.
 */
function saveExporter(request, name) {
  return answered_(() => {
    const body = exportBody_(request);
    if (!body || !isText_(name)) return trouble_('bad_request', false);
    const why = badPlace_(request.cell);
    if (why) return why;
    const made = callBackend_('exporters/create', {
      kind: request.kind === 'entities' ? 'entity' : 'report',
      dataset: request.dataset,
      connection_ids: body.connection_ids || [body.connection_id],
      options: body.options,
      target: body.target,
      name,
    });
    if (!made.error) placed_(made.block, request.cell);
    return made;
  });
}

/**
 * @param {string} id
 * @param {number} revision The one that the person has seen.
 * @param {*} request As for `startExport`, of the same kind and dataset.
 * @param {string} name
 * @return {*} The export as it is now; its next run follows it.
 */
function changeExporter(id, revision, request, name) {
  const body = exportBody_(request);
  const fits = isSeen_(revision) && isText_(name) && body !== null;
  if (!fits_(EXPORTER, id) || !fits) return trouble_('bad_request', false);
  return answered_(() => {
    const why = badPlace_(request.cell);
    if (why) return why;
    const {connection_id, connection_ids, options, target} = /** @type {*} */ (body);
    const asked = {revision, name, connection_ids: connection_ids || [connection_id], options, target};
    const changed = callBackend_('exporters/' + id + '/update', asked);
    if (!changed.error) placed_(changed.block, request.cell);
    return changed;
  });
}

/** @param {string} id @return {*} What it is made of. */
function readExporter(id) {
  return ofExporter_(id, 'read', {}, true);
}

/** @param {string} id @return {*} {runs, more}: what has run, the newest first. */
function runsOfExporter(id) {
  return ofExporter_(id, 'runs', {}, true);
}

/**
 * @param {string} id
 * @param {number} revision The one that the person has seen: another one means that somebody else
 *   saved it meanwhile.
 * @param {string} name
 * @return {*} The export as it is now.
 */
function renameExporter(id, revision, name) {
  return ofExporter_(id, 'update', {revision, name}, isSeen_(revision) && isText_(name));
}

/**
 * Another one by the same choices, with a table of its own.
 *
 * @param {string} id
 * @param {string} name
 * @return {*} The new export, which has not run yet.
 */
function duplicateExporter(id, name) {
  if (!fits_(EXPORTER, id) || !isText_(name)) return trouble_('bad_request', false);
  return answered_(() => {
    const held = callBackend_('exporters/' + id + '/read', {});
    if (held.error) return held;
    const {kind, dataset, connection_ids, options, tab} = held;
    return callBackend_('exporters/create', {kind, dataset, connection_ids, options, target: {tab}, name});
  });
}

/**
 * @param {string} id
 * @param {string} block Its table, which stays in the sheet.
 * @return {*} {ok: true}
 */
function deleteExporter(id, block) {
  const done = ofExporter_(id, 'delete', {}, typeof block === 'string' && BLOCK_NAME.test(block));
  if (!done.error) letGo_([block]);
  return done;
}

/** @param {string} id @return {*} The export: the person answers for it from now on. */
function adoptExporter(id) {
  return ofExporter_(id, 'adopt', {}, true);
}

/** @param {string} id @return {*} {ok: true}: nothing writes its table from now on. */
function freezeExporter(id) {
  return onTable_(id, 'freeze');
}

/** @param {string} id @return {*} {ok: true}: runs write its table again. */
function unfreezeExporter(id) {
  return onTable_(id, 'unfreeze');
}

/** @param {string} id @return {*} {ok: true}: the table's values are in a new tab. */
function snapshotExporter(id) {
  return onTable_(id, 'snapshot');
}

/** @param {string} id @return {*} {document}: JSON without an id, a company's name or a key. */
function exportDocument(id) {
  return ofExporter_(id, 'export', {}, true);
}

/**
 * @param {!Array<string>} connectionIds The companies that it is to read here, as many as it says.
 * @param {string} text The document's JSON, as somebody pasted it.
 * @return {*} The new export, which has not run yet.
 */
function importDocument(connectionIds, text) {
  const short = typeof text === 'string' && text.length <= LONGEST_DOCUMENT;
  const fit = Array.isArray(connectionIds) && connectionIds.length > 0 && connectionIds.every((each) => fits_(COMPANY, each));
  if (!fit || !short) return trouble_('bad_request', false);
  const document = parse_(text);
  if (!isObject_(document) || !isShallow_(document, DEEPEST_DOCUMENT)) return trouble_('no_document', false);
  return answered_(() => callBackend_('exporters/import', {connection_ids: connectionIds, document}));
}

/** @param {*} value @param {number} levels @return {boolean} Whether nothing in it lies deeper. */
function isShallow_(value, levels) {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isShallow_(each, levels - 1));
}

/**
 * @param {*} id
 * @param {string} verb
 * @param {!Object} body
 * @param {boolean} fits Whether the arguments are of the right kind.
 * @return {*}
 */
function ofExporter_(id, verb, body, fits) {
  if (!fits_(EXPORTER, id) || !fits) return trouble_('bad_request', false);
  return answered_(() => callBackend_('exporters/' + id + '/' + verb, body));
}

/**
 * @param {*} id
 * @param {string} verb Of a call that answers what to do with the table.
 * @return {*} {ok: true}; that the padlock could not be shown is no trouble: the backend has the mark.
 */
function onTable_(id, verb) {
  if (!fits_(EXPORTER, id)) return trouble_('bad_request', false);
  return answered_(() => {
    const told = callBackend_('exporters/' + id + '/' + verb, {});
    if (told.error) return told;
    const done = applyOperations_(told.operations, told.block);
    return done.applied || verb !== 'snapshot' ? {ok: true} : refusal_(done);
  });
}

/** @param {*} revision @return {boolean} */
function isSeen_(revision) {
  return Number.isInteger(revision) && revision > 0 && revision <= MOST_REVISIONS;
}
