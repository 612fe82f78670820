/** Another file of the same project: both share one global scope. */

function greet(name) {
  return GREETING + ' ' + name;
}

function include_(name) {
  return HtmlService.createHtmlOutputFromFile(name).getContent();
}
