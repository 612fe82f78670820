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
    .addToUi();
}

/** Opens the sidebar. Its data comes later, through google.script.run. */
function showSidebar() {
  const page = HtmlService.createTemplateFromFile('Sidebar').evaluate().setTitle(WORDS.name);
  SpreadsheetApp.getUi().showSidebar(page);
}

/**
 * @param {string} name A file of this project that holds no data.
 * @return {string} Its text, for `<?!= include_('…') ?>`.
 */
function include_(name) {
  return HtmlService.createHtmlOutputFromFile(name).getContent();
}
