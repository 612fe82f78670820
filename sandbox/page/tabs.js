/** The tabs at the bottom; hidden ones are not there. */

import {element} from './panels.js';

/**
 * @param {HTMLElement} list
 * @param {Array<{id: number, title: string, hidden: boolean}>} tabs
 * @param {number} active
 * @param {function(number)} go
 */
export function drawTabs(list, tabs, active, go) {
  const visible = tabs.filter(({hidden}) => !hidden);
  const known = [...list.children];
  visible.forEach((tab, i) => {
    const button = known[i] ?? list.appendChild(element('button', {role: 'tab', type: 'button'}));
    const selected = tab.id === active;
    if (button.textContent !== tab.title) button.textContent = tab.title;
    button.setAttribute('aria-selected', String(selected));
    button.tabIndex = selected ? 0 : -1;
    button.onclick = () => go(tab.id);
    button.onkeydown = ({key}) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[key];
      if (!step) return;
      const next = (i + step + visible.length) % visible.length;
      go(visible[next].id);
      list.children[next].focus();
    };
  });
  known.slice(visible.length).forEach((button) => button.remove());
}
