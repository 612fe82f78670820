/**
 * @fileoverview What the sidebar can ask about schedules. They run as whoever says so, by that
 * person's own trigger in this spreadsheet.
 */

const OFTEN = ['minutes', 'hourly', 'hours', 'daily', 'weekdays', 'weekly', 'monthly'];
const TIMES = ['hour', 'every', 'weekday', 'day'];

/**
 * @param {string} id
 * @param {?*} schedule {often, hour, every, weekday, day}; null: it has none from now on.
 * @param {boolean=} titleRow Its table gets a row above the column titles, which says when it is late.
 * @return {*} The export.
 */
function setSchedule(id, schedule, titleRow) {
  if (!fits_(EXPORTER, id) || !(schedule === null || isSchedule_(schedule))) return trouble_('bad_request', false);
  return answered_(() => byTrigger_('exporters/' + id + '/schedule',
    Object.assign({schedule}, titleRow === true && schedule ? {title_row: true} : {}), schedule !== null));
}

/**
 * What a schedule would cost, before it is saved.
 *
 * @param {string} id
 * @param {*} schedule As for `setSchedule`.
 * @param {boolean} count QuickBooks may be asked for the size of an export that has never run.
 * @return {*} {calls_per_run, runs_per_month, calls_per_month}; calls null where nobody knows.
 */
function forecast(id, schedule, count) {
  if (!fits_(EXPORTER, id) || !isSchedule_(schedule)) return trouble_('bad_request', false);
  return answered_(() => callWithCells_('exporters/' + id + '/forecast', {schedule, count: count === true}));
}

/** @param {string} id @return {*} The export: its schedule runs as the person from now on. */
function takeSchedule(id) {
  if (!fits_(EXPORTER, id)) return trouble_('bad_request', false);
  return answered_(() => byTrigger_('exporters/' + id + '/take', {}, true));
}

/**
 * A schedule that no trigger runs would be a promise that nobody keeps: the trigger comes first.
 *
 * @param {string} path @param {!Object} body @param {boolean} needed @return {*}
 */
function byTrigger_(path, body, needed) {
  const properties = PropertiesService.getUserProperties();
  const name = hourName_('mine', bookId_());
  const before = properties.getProperty(name);
  if (needed) {
    const why = ensureDispatcher_();
    if (why) return trouble_(why === WORDS.hourly.too_many ? 'too_many_triggers' : 'no_trigger', false);
    properties.setProperty(name, String(Math.max(1, Number(before))));
  }
  const answer = saidLate_(callBackend_(path, body));
  if (!answer.error || !needed) return answer;
  properties.setProperty(name, before || '0');
  endDispatcher_();
  return answer;
}

/** @param {*} given @return {boolean} */
function isSchedule_(given) {
  return isObject_(given) && OFTEN.includes(given.often) && Object.keys(given).every((name) =>
    name === 'often' || (TIMES.includes(name) && Number.isInteger(given[name]) && given[name] >= 0 && given[name] <= 31));
}
