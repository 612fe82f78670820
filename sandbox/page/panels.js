/** Sidebar, dialogs and toasts. */

import {post} from './server.js';

const BUTTON_WORDS = {OK: 'OK', CANCEL: 'Cancel', YES: 'Yes', NO: 'No'};

export class Panels {
  /**
   * @param {import('./frames.js').Frames} frames
   * @param {function()} focusGrid
   */
  constructor(frames, focusGrid) {
    this.frames = frames;
    this.focusGrid = focusGrid;
    this.place = document.getElementById('sidebar');
    this.frame = null;
    this.openings = 0;
  }

  /** One at a time: another sidebar replaces this one. */
  async sidebar(output) {
    const opening = ++this.openings;
    const close = () => this.closeSidebar();
    const frame = await this.frames.make(output, {close, focusGrid: this.focusGrid});
    if (opening !== this.openings) return this.frames.drop(frame);
    this.closeSidebar();
    this.frame = frame;
    const aside = element('aside', {class: 'sidebar', 'aria-label': `${frame.title} sidebar`});
    const header = element('header');
    const button = element('button', {class: 'round', 'aria-label': 'Close sidebar'}, '×');
    button.addEventListener('click', close);
    header.append(element('h2', {}, frame.title), button);
    aside.append(header, frame);
    this.place.replaceChildren(aside);
  }

  closeSidebar() {
    if (!this.frame) return;
    this.frames.drop(this.frame);
    this.frame = null;
    this.place.replaceChildren();
    this.focusGrid();
  }

  async dialog({modal, width, height, ...output}) {
    const dialog = element('dialog', {class: 'framed', 'aria-label': output.title});
    const close = () => dialog.close();
    const frame = await this.frames.make(output, {close, focusGrid: this.focusGrid});
    const button = element('button', {class: 'round', 'aria-label': 'Close'}, '×');
    button.addEventListener('click', close);
    const header = element('header');
    header.append(element('h2', {}, output.title), button);
    frame.style.width = `${width ?? 600}px`;
    frame.style.height = `${height ?? 400}px`;
    dialog.append(header, frame);
    dialog.addEventListener('close', () => {
      this.frames.drop(frame);
      dialog.remove();
    });
    document.body.append(dialog);
    if (modal) dialog.showModal();
    else dialog.show();
  }

  /** The script that asked waits for the answer. */
  async alert({question, ...asked}) {
    const button = await ask(asked);
    await post('/apps-script/answer', {question, button});
  }

  toast({message, title, seconds}) {
    const toast = element('div', {class: 'toast'});
    const button = element('button', {class: 'round', 'aria-label': 'Dismiss'}, '×');
    button.addEventListener('click', () => toast.remove());
    if (title) toast.append(element('b', {}, title));
    toast.append(element('span', {}, message), button);
    document.getElementById('toasts').append(toast);
    if (seconds > 0) setTimeout(() => toast.remove(), seconds * 1000);
  }
}

/**
 * @param {{title: string, message: string, buttons: Array<string>}} asked
 * @return {Promise<string>} The button's name, CLOSE for Escape.
 */
export function ask({title, message, buttons}) {
  const dialog = element('dialog', {class: 'alert', role: 'alertdialog', 'aria-label': title || message});
  if (title) dialog.append(element('h2', {}, title));
  dialog.append(element('p', {}, message));
  const row = element('div', {class: 'buttons'});
  buttons.forEach((name, i) => {
    const button = element('button', {class: i === 0 ? 'main' : ''}, BUTTON_WORDS[name]);
    button.addEventListener('click', () => dialog.close(name));
    row.append(button);
  });
  dialog.append(row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answered) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      answered(dialog.returnValue || 'CLOSE');
    });
  });
}

/** @param {string} name @param {Object<string, string>=} attributes @param {string=} text */
export function element(name, attributes = {}, text = '') {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}
