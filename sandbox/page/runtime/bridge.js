/**
 * The one way out of an execution: a synchronous request to the sandbox per service call.
 *
 * The files of this folder are joined into one function (`runtime.js`), so nothing of them is
 * visible to the add-on but what `worker.js` puts into the global scope.
 */

const Request_ = self.XMLHttpRequest;

/**
 * What the page says about this execution.
 * @type {{id: string, spreadsheet: string, user: string, authMode: string, active: Object,
 *   trigger: ?{id: string, at: number, blind: boolean}}}
 */
let execution;

/** The add-on as the sandbox serves it: its name, files and manifest. */
let project;

/**
 * Asks the sandbox and waits. Slow answers come in slices, so that waiting executions do not use
 * up the few connections that a browser opens to one host.
 *
 * @param {string} method
 * @param {Object=} params
 * @return {*} What the service method gives.
 */
function call(method, params = {}) {
  const {id, spreadsheet, user} = execution;
  let answer = send({execution: id, spreadsheet, user, method, params});
  while (answer.pending) answer = send({execution: id, pending: answer.pending});
  if (answer.error) throw exception(answer.error);
  return answer.value;
}

function send(body) {
  const request = new Request_();
  request.open('POST', '/apps-script/call', false);
  request.setRequestHeader('Content-Type', 'application/json');
  request.send(JSON.stringify(body));
  if (request.status !== 200) {
    throw exception("We're sorry, a server error occurred. Please wait a bit and try again.");
  }
  return JSON.parse(request.responseText);
}

/** An error as services throw it: its text begins with "Exception: ". */
function exception(message) {
  const error = new Error(message);
  error.name = 'Exception';
  return error;
}

/** Speaks to the page, which draws: menus, sidebars, toasts, the selection. */
const tell = self.postMessage.bind(self);
