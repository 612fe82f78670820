/**
 * @OnlyCurrentDoc
 *
 * The menu and the sidebar's frame. Nothing here or at any file's top level may touch a service:
 * `onOpen` runs before the person has allowed anything (AuthMode.NONE), and so does all top-level
 * code. https://developers.google.com/workspace/add-ons/concepts/editor-auth-lifecycle
 */

/**
 * The sheet is already open when the add-on is installed.
 *
 * @param {*} event
 */
function onInstall(event) {
  onOpen(event);
}

/**
 * @param {*} _event Its authMode may be NONE: only the menu can be made.
 */
function onOpen(_event) {
  SpreadsheetApp.getUi().createAddonMenu()
    .addItem(WORDS.menu.open, 'showSidebar')
    .addItem(WORDS.menu.all, 'refreshAll')
    .addItem(WORDS.menu.this_table, 'refreshThis')
    .addItem(WORDS.menu.here, 'newExportHere')
    .addItem(WORDS.menu.companies, 'showCompaniesHere')
    .addItem(WORDS.menu.help, 'showHelpHere')
    .addItem(WORDS.menu.runs, 'showRuns')
    .addToUi();
}

/** Opens the sidebar. Its data comes later, through google.script.run. */
function showSidebar() {
  const page = HtmlService.createTemplateFromFile('Sidebar').evaluate().setTitle(WORDS.name);
  SpreadsheetApp.getUi().showSidebar(page);
}

/** Says what is running in this spreadsheet, whose it is and when it goes on. */
function showRuns() {
  const ui = SpreadsheetApp.getUi();
  const answer = home();
  const lines = answer.error ? [answer.error.message] : runLines_(answer);
  ui.alert(WORDS.menu.runs, lines.join('\n\n'), ui.ButtonSet.OK);
}

/** @param {*} home @return {!Array<string>} One sentence per run, and what went wrong in an hour. */
function runLines_({exporters, sheet}) {
  const time = (/** @type {string} */ iso) => Utilities.formatDate(new Date(iso), sheet.zone, 'HH:mm');
  const lines = exporters.map((/** @type {*} */ {title, run, kept}) => {
    if (kept) return say_(WORDS.hourly.line_kept, {title, at: time(kept.goes_on_at)});
    if (!run) return null;
    const sentence = run.goes_on_at ? WORDS.hourly.line_parked : WORDS.hourly.line_running;
    const at = time(run.goes_on_at || run.since);
    return say_(sentence, {title, who: run.by, at});
  }).filter(Boolean);
  if (!lines.length) lines.push(WORDS.hourly.none);
  return sheet.trouble ? [sheet.trouble, ...lines] : lines;
}

/**
 * @param {string} name A file of this project that holds no data.
 * @return {string} Its text, for `<?!= include_('…') ?>`.
 */
function include_(name) {
  return HtmlService.createHtmlOutputFromFile(name).getContent();
}
