/** The menu bar: arrow keys, Enter and Escape as everywhere.
 * https://www.w3.org/WAI/ARIA/apg/patterns/menubar/ */

import {element} from './panels.js';

/** What Sheets has there; only what an add-on can fill does something here. */
const BEFORE = ['File', 'Edit', 'View', 'Insert', 'Format', 'Data', 'Tools'];
const AFTER = ['Help'];

/**
 * @typedef {{caption: string, functionName?: string, act?: function(), separator?: boolean,
 *   items?: Array<Item>}} Item
 */

export class MenuBar {
  /** @param {HTMLElement} bar @param {function(string)} run Runs the function of that name. */
  constructor(bar, run) {
    this.bar = bar;
    this.run = run;
    /** Open menus, outermost first: their button and their box. */
    this.open = [];
    bar.addEventListener('keydown', (event) => this.barKey(event));
    addEventListener('pointerdown', (event) => {
      if (!bar.contains(/** @type {Node} */ (event.target))) this.close(0);
    });
  }

  /** Before the add-on's `onOpen` has ended there is nothing to open. */
  drawIdle() {
    this.bar.replaceChildren(...[...BEFORE, 'Extensions', ...AFTER].map(standIn));
  }

  /** @param {Array<Item>} extensions @param {Array<Item>} own Menus of their own, after the rest. */
  draw(extensions, own) {
    const live = [{caption: 'Extensions', items: extensions}, ...own];
    this.bar.replaceChildren(
      ...BEFORE.map(standIn), ...live.map((item) => this.topButton(item)), ...AFTER.map(standIn));
    this.buttons[0].tabIndex = 0;
  }

  get buttons() {
    return /** @type {Array<HTMLElement>} */ ([...this.bar.querySelectorAll(':scope > .top-item > button')]);
  }

  topButton(item) {
    const holder = element('span', {class: 'top-item', role: 'none'});
    const button = element('button', {
      role: 'menuitem', 'aria-haspopup': 'true', 'aria-expanded': 'false', tabindex: '-1',
    }, item.caption);
    button.addEventListener('click', () => {
      const wasOpen = this.open[0]?.button === button;
      this.close(0);
      if (!wasOpen) this.show(0, button, item.items, true);
    });
    button.addEventListener('pointerenter', () => {
      if (this.open.length && this.open[0].button !== button) {
        this.close(0);
        this.show(0, button, item.items, false);
      }
    });
    holder.append(button);
    return holder;
  }

  show(depth, button, items, focus) {
    this.close(depth);
    const box = element('div', {role: 'menu', class: 'menu', 'aria-label': button.textContent});
    for (const item of items) box.append(this.line(depth, item));
    button.setAttribute('aria-expanded', 'true');
    button.after(box);
    this.open.push({button, box});
    if (focus) box.querySelector('button')?.focus();
  }

  line(depth, item) {
    if (item.separator) return element('div', {role: 'separator'});
    const holder = element('div', {role: 'none', class: 'line'});
    const button = element('button', {role: 'menuitem', tabindex: '-1'}, item.caption);
    holder.append(button);
    if (item.items) {
      button.setAttribute('aria-haspopup', 'true');
      button.setAttribute('aria-expanded', 'false');
      const show = (focus) => this.show(depth + 1, button, item.items, focus);
      button.addEventListener('click', () => show(true));
      button.addEventListener('pointerenter', () => show(false));
      return holder;
    }
    button.addEventListener('pointerenter', () => this.close(depth + 1));
    button.addEventListener('click', () => {
      this.close(0);
      if (item.act) item.act();
      else this.run(item.functionName);
    });
    return holder;
  }

  /** Closes the menus from that depth on. */
  close(depth) {
    for (const {button, box} of this.open.splice(depth).reverse()) {
      button.setAttribute('aria-expanded', 'false');
      box.remove();
    }
  }

  barKey(event) {
    const at = /** @type {HTMLElement} */ (document.activeElement);
    const depth = this.open.findIndex(({box}) => at.parentElement?.parentElement === box);
    const handled = depth < 0 ? this.topKey(event.key, at) : this.menuKey(event.key, at, depth);
    if (handled) event.preventDefault();
  }

  topKey(key, at) {
    const i = this.buttons.indexOf(at);
    if (i < 0) return false;
    if (key === 'ArrowDown' || key === 'Enter' || key === ' ') {
      at.click();
      return true;
    }
    if (key === 'Escape') {
      this.close(0);
      return true;
    }
    return this.walkBar(i, key);
  }

  menuKey(key, at, depth) {
    const {button, box} = this.open[depth];
    const lines = /** @type {Array<HTMLElement>} */ ([...box.querySelectorAll(':scope > .line > button')]);
    const i = lines.indexOf(at);
    const go = {
      ArrowDown: () => lines[(i + 1) % lines.length].focus(),
      ArrowUp: () => lines[(i + lines.length - 1) % lines.length].focus(),
      Home: () => lines[0].focus(),
      End: () => lines[lines.length - 1].focus(),
      Enter: () => at.click(),
      ' ': () => at.click(),
      Escape: () => this.back(depth, button),
      Tab: () => this.close(0),
      ArrowRight: () => {
        if (at.getAttribute('aria-haspopup')) at.click();
        else this.walkBar(this.buttons.indexOf(this.open[0].button), key);
      },
      ArrowLeft: () => {
        if (depth > 0) this.back(depth, button);
        else this.walkBar(this.buttons.indexOf(this.open[0].button), key);
      },
    }[key];
    if (go) go();
    return Boolean(go) && key !== 'Tab';
  }

  back(depth, button) {
    this.close(depth);
    button.focus();
  }

  walkBar(i, key) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[key];
    if (!step) return false;
    this.close(0);
    const {buttons} = this;
    buttons[i].tabIndex = -1;
    const next = buttons[(i + step + buttons.length) % buttons.length];
    next.tabIndex = 0;
    next.focus();
    return true;
  }
}

function standIn(caption) {
  const title = 'Not in this stand-in';
  return element('span', {role: 'menuitem', 'aria-disabled': 'true', title}, caption);
}
