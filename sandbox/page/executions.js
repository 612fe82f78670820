/** Runs add-on functions, each in a fresh web worker that dies with this page. */

import {post} from './server.js';

/** https://developers.google.com/apps-script/guides/html/reference/run */
const MOST_AT_ONCE = 10;
const STILL_ALIVE_EVERY_MS = 10_000;

/**
 * @typedef {{spreadsheet: string, user: string}} Here
 * @typedef {{functionName: ?string, args?: string, event?: boolean, authMode: string,
 *   trigger?: ?Trigger}} Order
 * @typedef {{id: string, handler: string, user: string, spreadsheet: string, at: number,
 *   blind: boolean}} Trigger `at` what time it is, by the clock that fired it.
 */

export class Executions {
  /**
   * @param {Here} here
   * @param {function(): Object} selection What is selected when a function starts.
   * @param {function(Object)} heard Gets what code tells the page: menus, sidebars, toasts ….
   */
  constructor(here, selection, heard) {
    this.here = here;
    this.selection = selection;
    this.heard = heard;
    /** @type {Map<string, Worker>} */
    this.running = new Map();
    /** Names that `google.script.run` has, as the last execution found them. */
    this.functions = [];
    this.clients = 0;
    this.queue = [];
    setInterval(() => this.sayAlive(), STILL_ALIVE_EVERY_MS);
    addEventListener('pagehide', () => this.closed());
  }

  /**
   * Starts at once: menus and triggers.
   *
   * @param {Order} order
   * @return {Promise<string|undefined>} What the function returned, as JSON.
   */
  run({functionName, args = '[]', event = false, authMode, trigger = null}) {
    const id = crypto.randomUUID();
    const worker = new Worker('/page/runtime.js', {name: functionName ?? 'load'});
    this.running.set(id, worker);
    // A trigger runs as its creator, wherever and by whomever a page happens to be open.
    const here = trigger ? {spreadsheet: trigger.spreadsheet, user: trigger.user} : this.here;
    const execution = {id, ...here, authMode, active: this.selection(), trigger};
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        this.running.delete(id);
        settle(value);
      };
      worker.onmessage = ({data}) => {
        if ('ended' in data) worker.terminate();
        else if ('value' in data) end(resolve, data.value);
        else if ('error' in data) end(reject, new Error(data.error));
        else if ('functions' in data) this.functions = data.functions;
        else this.heard(data);
      };
      worker.onerror = (event_) => end(reject, new Error(event_.message));
      worker.postMessage({execution, functionName, args, event});
    });
  }

  /**
   * For `google.script.run`: the eleventh call waits.
   *
   * @param {string} functionName @param {string} args A JSON array.
   */
  async runForClient(functionName, args) {
    if (this.clients >= MOST_AT_ONCE) await new Promise((free) => this.queue.push(free));
    else this.clients++;
    try {
      return await this.run({functionName, args, authMode: 'FULL'});
    } finally {
      // The place goes to the next in the queue, or is given back.
      const next = this.queue.shift();
      if (next) next();
      else this.clients--;
    }
  }

  /** Runs the time triggers that are due. That one fails is told to nobody, as in add-ons. */
  async fireDue() {
    const {triggers} = await post('/apps-script/triggers/due', {});
    await Promise.all(triggers.map((trigger) =>
      this.run({functionName: trigger.handler, authMode: 'FULL', trigger})
        .catch((error) => console.warn(`${trigger.handler} failed: ${error.message}`))));
  }

  sayAlive() {
    if (this.running.size) {
      post('/apps-script/alive', {executions: [...this.running.keys()]}).catch(() => {});
    }
  }

  /** Tells the sandbox that these will not come back, so that their locks are free. */
  closed() {
    for (const worker of this.running.values()) worker.terminate();
    const body = JSON.stringify({executions: [...this.running.keys()]});
    if (this.running.size) navigator.sendBeacon('/apps-script/closed', body);
  }
}
