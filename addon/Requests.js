/** @fileoverview What the sidebar sends, checked: any collaborator's console may send anything. */

const NAME = /^[A-Za-z0-9_-]{1,100}$/;
const DATASET = /^[a-z0-9-]{1,80}$/;
// Options that are one word each.
const CHOICES = ['rows', 'headers', 'bundles', 'dates', 'mode', 'departed', 'account_numbers', 'totals', 'compare'];
const MOST_FILTERS = 30;
const MOST_TOGETHER = 50; // As the backend takes them.
const MOST_COMPANIES = 20;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @param {*} request
 * @return {?{connection_id?: string, connection_ids?: !Array<string>, options: !Object, target: {tab: string}}} Only what the backend knows, or null when something is not what it should be.
 */
function exportBody_(request) {
  if (!isObject_(request) || !isObject_(request.options)) return null;
  const given = request.options;
  const day = (/** @type {*} */ value) => value === null || (isText_(value) && DAY.test(value));
  const texts = (/** @type {*} */ list) => list.length <= 1000 && list.every(isText_);
  const parameters = given.parameters === undefined ? {} : given.parameters;
  const ids = Array.isArray(request.connection_ids) ? request.connection_ids : [request.connection_id];
  const good =
    (request.kind === 'entities' || request.kind === 'reports') &&
    typeof request.dataset === 'string' &&
    DATASET.test(request.dataset) &&
    isName_(request.connection_id) &&
    ids.length <= MOST_COMPANIES && ids.every(isName_) && ids[0] === request.connection_id &&
    isText_(request.tab) &&
    (given.columns === null || (Array.isArray(given.columns) && texts(given.columns))) &&
    day(given.from) &&
    day(given.to) &&
    (given.layout === undefined || given.layout === 'printed' || given.layout === 'tidy') &&
    CHOICES.every((name) => given[name] === undefined || isText_(given[name])) &&
    (given.sort === undefined || isOrder_(given.sort)) &&
    ['first', 'periods'].every((name) => given[name] === undefined || Number.isInteger(given[name])) &&
    (given.tie_out === undefined || given.tie_out === true || (Array.isArray(given.tie_out) && texts(given.tie_out))) &&
    (given.cells === undefined || isFlat_(given.cells)) &&
    (given.consolidate === undefined || isFlat_(given.consolidate)) &&
    (given.filters === undefined || (Array.isArray(given.filters) &&
      given.filters.length <= MOST_FILTERS && given.filters.every(isFlat_))) &&
    isObject_(parameters) &&
    texts(Object.keys(parameters)) &&
    Object.keys(parameters).every((key) => isLine_(parameters[key]));
  if (!good) return null;
  return {
    ...(ids.length > 1 ? {connection_ids: ids} : {connection_id: ids[0]}),
    options: {
      columns: given.columns,
      from: given.from,
      to: given.to,
      include_inactive: given.include_inactive === true,
      parameters: parameters,
      ...(given.layout ? {layout: given.layout} : {}),
      ...(given.sensitive === true ? {sensitive: true} : {}),
      ...Object.fromEntries(['title_row', 'line_ids'].filter((name) => given[name] === true).map((name) => [name, true])),
      ...Object.fromEntries([...CHOICES, 'cells', 'consolidate', 'filters', 'sort', 'first', 'periods', 'tie_out']
        .filter((name) => given[name] !== undefined).map((name) => [name, given[name]])),
    },
    target: {tab: request.tab},
  };
}

/** @param {*} value @return {boolean} A column, and which way round. */
function isOrder_(value) {
  return isObject_(value) && isText_(value.column) && typeof value.descending === 'boolean' &&
    Object.keys(value).length === 2;
}

/** @param {*} press @return {!Object} What of it the backend is told. */
function pressOf_(press) {
  if (!isObject_(press)) return {};
  const together = Array.isArray(press.together) ? press.together.filter(isName_).slice(0, MOST_TOGETHER) : [];
  return Object.assign(together.length ? {together} : {}, isName_(press.after) ? {after: press.after} : {});
}

/** @param {*} value @return {boolean} Names with texts, or lists of texts. */
function isFlat_(value) {
  const fits = (/** @type {*} */ each) => isLine_(each) || (Array.isArray(each) && each.every(isLine_));
  return isObject_(value) && Object.keys(value).every((key) => isText_(key) && fits(value[key]));
}

/** @param {*} value @return {boolean} An id of ours, or a named range's name. */
function isName_(value) {
  return typeof value === 'string' && NAME.test(value);
}

/** @param {*} value @return {boolean} The value of a parameter: ids of customers can be many. */
function isLine_(value) {
  return typeof value === 'string' && value.length > 0 && value.length <= 6000;
}

/** @param {*} value @return {boolean} */
function isText_(value) {
  return typeof value === 'string' && value.length > 0 && value.length <= 100;
}

/** @param {*} value @return {boolean} */
function isObject_(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param {function(): *} work
 * @return {*} Its answer; a sentence instead of whatever it may throw.
 */
function answered_(work) {
  try {
    return work();
  } catch (_) {
    return trouble_('no_answer', true);
  }
}
