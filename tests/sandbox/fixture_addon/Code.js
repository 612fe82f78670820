/** An add-on that does what a test says. */

const GREETING = 'Hello';
let counted = 0;

function onOpen(e) {
  SpreadsheetApp.getUi()
    .createAddonMenu()
    .addItem('Open panel', 'openPanel')
    .addItem('Started as ' + e.authMode, 'openPanel')
    .addSeparator()
    .addSubMenu(SpreadsheetApp.getUi().createMenu('More').addItem('Ask me', 'askMe'))
    .addToUi();
}

function openPanel() {
  const template = HtmlService.createTemplateFromFile('Panel');
  template.name = '</script><b>"O\'Neill" & Sons</b>';
  template.link = 'javascript:alert(1)';
  SpreadsheetApp.getUi().showSidebar(template.evaluate().setTitle('Panel'));
}

function askMe() {
  const ui = SpreadsheetApp.getUi();
  const answer = ui.alert('Title', 'Go on?', ui.ButtonSet.YES_NO);
  SpreadsheetApp.getActiveSheet().getRange('A1').setValue('answered ' + answer);
  SpreadsheetApp.getActive().toast('Done with ' + answer, 'Toast', 30);
}

/** The test's own code: `source` is the body of a function of `args`. */
function script(source, args) {
  counted++;
  return new Function('args', source)(args);
}

function describe(value) {
  return value === null ? 'null' : typeof value + ' ' + JSON.stringify(value);
}

function howOften() {
  return ++counted;
}

function private_() {
  return 'never';
}

const notPublic = 7;
