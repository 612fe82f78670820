/** The page that stands in for Google Sheets: puts the parts together. */

import {Editing} from './editing.js';
import {Executions} from './executions.js';
import {Frames} from './frames.js';
import {Grid} from './grid.js';
import {MenuBar} from './menu.js';
import {ask, element, Panels} from './panels.js';
import {get, post} from './server.js';
import {drawTabs} from './tabs.js';
import {View} from './view.js';

/** As precise as anybody who watches the demo wants it. */
const TRIGGERS_EVERY_MS = 1_000;

const byId = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);

const boot = await get(`/apps-script/boot?${new URLSearchParams({spreadsheet: asked.get('spreadsheet') ?? ''})}`);
const {spreadsheet, users, addon} = boot;
const user = users.includes(asked.get('user')) ? asked.get('user') : users[0];

/** What was selected in each tab, as Sheets remembers it. */
const selections = new Map();
const view = new View(spreadsheet, redraw);
const grid = new Grid(byId('grid'), view, () => {
  selections.set(view.wanted.tab, grid.selection);
  editing.show();
});
const editing = new Editing(grid, (why) => panels.toast({message: why, title: '', seconds: 6}));
const executions = new Executions({spreadsheet, user}, activeRange, heard);
const frames = new Frames(executions, addon);
const panels = new Panels(frames, () => grid.place.focus());
const menuBar = new MenuBar(byId('menubar'), runFromMenu);
/** Menus that the add-on made; its own one under Extensions has no caption. */
const menus = [];

drawPeople();
menuBar.drawIdle();
byId('addtab').addEventListener('click', addTab);
byId('share').addEventListener('click', share);
view.follow();
await open();
setInterval(() => executions.fireDue().catch(() => {}), TRIGGERS_EVERY_MS);

function redraw() {
  const {title, tabs, tab} = view.seen;
  document.title = `${title} – Counterfoil sandbox`;
  if (byId('book').textContent !== title) byId('book').textContent = title;
  drawTabs(byId('tabs'), tabs, tab.id, (id) => go(id));
  grid.draw();
  editing.show();
}

/** @param {number} tab @param {Object=} rect What is selected there, else what was. */
async function go(tab, rect) {
  if (tab !== view.wanted.tab) {
    view.wanted = {tab, row: 0, rows: 120};
    await view.refresh();
  }
  const known = selections.get(tab) ?? {row: 0, column: 0, rows: 1, columns: 1};
  if (grid.tab.id === tab) grid.select(rect ?? known);
}

async function addTab() {
  const {tabs, tab} = view.seen;
  const index = tabs.findIndex(({id}) => id === tab.id) + 1;
  const query = new URLSearchParams({spreadsheet});
  const made = await post(`/apps-script/grid/tab?${query}`, {index});
  await view.refresh();
  await go(made.tab);
}

/** As in Sheets an address gets in as an editor; here only service accounts are kept out until then. */
async function share() {
  const account = (window.prompt('Share with (as Editor):') || '').trim();
  if (!account) return;
  await post('/identity/share', {spreadsheet, account, role: 'writer'});
  panels.toast({message: `${account} is an Editor now.`, title: 'Shared', seconds: 6});
}

function activeRange() {
  return {sheet: view.wanted.tab, ...grid.selection};
}

/** `onOpen` runs before anything may be touched, until somebody has used the add-on here. */
async function open() {
  try {
    await executions.run({functionName: 'onOpen', event: true, authMode: boot.authMode});
  } catch (error) {
    // As in Sheets: the menu then has nothing but "Help".
    console.warn(`onOpen failed: ${error.message}`);
  }
  drawMenus();
}

async function runFromMenu(functionName) {
  try {
    await executions.run({functionName, authMode: 'FULL'});
  } catch (error) {
    await ask({title: 'Error', message: error.message, buttons: ['OK']});
  }
}

function drawMenus() {
  const help = {caption: 'Help', act: () => ask({
    title: addon, message: 'Google shows here who publishes the add-on and where to get help.', buttons: ['OK'],
  })};
  const own = menus.filter(({caption}) => caption === null).flatMap(({items}) => items);
  const items = own.length ? [...own, {separator: true}, help] : [help];
  menuBar.draw([{caption: addon, items}], menus.filter(({caption}) => caption !== null));
}

/** What add-on code tells the page while it runs. */
function heard(said) {
  if (said.menu) menus.push(said.menu);
  else if (said.sidebar) panels.sidebar(said.sidebar);
  else if (said.dialog) panels.dialog(said.dialog);
  else if (said.alert) panels.alert(said.alert);
  else if (said.toast) panels.toast(said.toast);
  else if (said.activate) go(said.activate.sheet, said.activate);
}

function drawPeople() {
  const select = byId('user');
  for (const one of users) select.append(element('option', {value: one}, one));
  select.value = user;
  byId('face').textContent = user[0].toUpperCase();
  byId('face').dataset.n = String(users.indexOf(user));
  select.addEventListener('change', () => {
    // Somebody else opens the same spreadsheet: nothing of this page stays.
    location.search = String(new URLSearchParams({spreadsheet, user: select.value}));
  });
}
