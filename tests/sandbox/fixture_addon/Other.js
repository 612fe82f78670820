/** Another file of the same project: both share one global scope. */

function greet(name) {
  return GREETING + ' ' + name;
}

function include_(name) {
  return HtmlService.createHtmlOutputFromFile(name).getContent();
}

/** A trigger's handler: keeps what it was given and where it finds itself. */
function noteTrigger(e) {
  const book = SpreadsheetApp.getActiveSpreadsheet();
  let ui = 'shown';
  try {
    SpreadsheetApp.getUi();
  } catch (error) {
    ui = String(error);
  }
  PropertiesService.getUserProperties().setProperty('noted', JSON.stringify({
    authMode: String(e.authMode), uid: e.triggerUid, now: Date.now(), book: book && book.getId(),
    user: Session.getEffectiveUser().getEmail(), active: Session.getActiveUser().getEmail(), ui,
  }));
}
