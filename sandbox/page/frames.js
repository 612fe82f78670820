/** The add-on's HTML beside or above the grid, in an iframe of another origin, as at Google. */

import {post} from './server.js';

/** https://developers.google.com/apps-script/guides/html/restrictions */
const SANDBOX = 'allow-scripts allow-popups allow-popups-to-escape-sandbox allow-modals ' +
  'allow-forms allow-same-origin';

/** The same sandbox under its other name is another origin: the frame cannot reach this page. */
const OTHER_HOST = {'127.0.0.1': 'localhost', localhost: '127.0.0.1'};

export class Frames {
  /** @param {import('./executions.js').Executions} executions @param {string} addon Its name. */
  constructor(executions, addon) {
    this.executions = executions;
    this.addon = addon;
    /** @type {Map<HTMLIFrameElement, {close: function(), focusGrid: function()}>} */
    this.open = new Map();
    addEventListener('message', (event) => this.heard(event));
  }

  /**
   * @param {{html: string, title: string}} output
   * @param {{close: function(), focusGrid: function()}} acts What `google.script.host` does.
   * @return {Promise<HTMLIFrameElement>} Not in the document yet.
   */
  async make(output, acts) {
    const {path} = await post('/apps-script/html', {
      html: output.html,
      functions: this.executions.functions,
    });
    const frame = document.createElement('iframe');
    frame.title = output.title || this.addon;
    frame.setAttribute('sandbox', SANDBOX);
    frame.allow = 'clipboard-write';
    const url = new URL(path, location.href);
    url.hostname = OTHER_HOST[location.hostname] ?? location.hostname;
    frame.src = url.href;
    // An execution may have opened this with the focus still in the menu or the grid.
    frame.addEventListener('load', () => frame.focus(), {once: true});
    this.open.set(frame, acts);
    return frame;
  }

  /** @param {HTMLIFrameElement} frame */
  drop(frame) {
    this.open.delete(frame);
    frame.remove();
  }

  async heard({source, data}) {
    const found = [...this.open].find(([frame]) => frame.contentWindow === source);
    if (!found || !data) return;
    const [frame, acts] = found;
    if (data.run) this.answer(frame, data);
    else if (data.close) acts.close();
    else if (data.focus) acts.focusGrid();
    else if (data.say) {
      const {user} = this.executions.here;
      post('/apps-script/console', {...data.say, user}).catch(() => {});
    }
  }

  async answer(frame, {run, args, call}) {
    const reply = {call};
    try {
      reply.value = await this.executions.runForClient(run, args);
    } catch (error) {
      reply.error = error.message;
    }
    frame.contentWindow?.postMessage(reply, new URL(frame.src).origin);
  }
}
