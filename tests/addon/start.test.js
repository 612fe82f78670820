'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const {ADDON, files, load} = require('./fakes/load.js');

const SERVICES = [
  'CacheService', 'HtmlService', 'LockService', 'Logger', 'PropertiesService', 'ScriptApp', 'Session',
  'SpreadsheetApp', 'UrlFetchApp', 'Utilities',
];
const SCOPES = [
  'https://www.googleapis.com/auth/spreadsheets.currentonly',
  'https://www.googleapis.com/auth/script.container.ui',
  'https://www.googleapis.com/auth/script.external_request',
  'https://www.googleapis.com/auth/script.scriptapp',
  'openid',
  'https://www.googleapis.com/auth/userinfo.email',
];

function forbidden() {
  return Object.fromEntries(SERVICES.map((name) => [name, new Proxy({}, {
    get(_, method) { throw new Error(`${name}.${String(method)} before anything is allowed`); },
  })]));
}

function withMenu() {
  const items = [];
  const menu = {addItem: (...item) => { items.push(item); return menu; }, addToUi: () => items.push('shown')};
  const ui = {getUi: () => ({createAddonMenu: () => menu})};
  return {items, world: {...forbidden(), SpreadsheetApp: ui}};
}

test('loading every file touches no service', () => {
  assert.doesNotThrow(() => load(forbidden()));
});

test('the menu appears before the person has allowed anything', () => {
  const {items, world} = withMenu();
  load(world).onOpen({authMode: 'NONE'});
  assert.deepEqual(items, [
    ['Open Counterfoil', 'showSidebar'], ['Refresh all', 'refreshAll'], ['Refresh this table', 'refreshThis'],
    ['New export here', 'newExportHere'], ['Companies', 'showCompaniesHere'], ['Help with connecting', 'showHelpHere'],
    'shown',
  ]);
});

test('installing makes the menu of the file that is already open', () => {
  const {items, world} = withMenu();
  load(world).onInstall({authMode: 'FULL'});
  assert.equal(items.at(-1), 'shown');
});

test('every menu item calls a function that is there', () => {
  const {items, world} = withMenu();
  const addon = load(world);
  addon.onOpen({authMode: 'LIMITED'});
  for (const [, name] of items.filter(Array.isArray)) assert.equal(typeof addon[name], 'function');
});

test('files hold nothing at their top but constants and functions', () => {
  for (const name of files()) {
    const text = fs.readFileSync(path.join(ADDON, name), 'utf8');
    for (const line of text.split('\n').filter((each) => /^[^\s/*}]/.test(each))) {
      assert.match(line, /^(const [A-Z][A-Z_0-9]* = |function \w+\(|\};?$|\];?$|\);?$)/, `${name}: ${line}`);
    }
  }
});

test('no two functions have one name: Apps Script keeps the last one of it, and says nothing', () => {
  const names = files().flatMap((name) => [...fs.readFileSync(path.join(ADDON, name), 'utf8').matchAll(/^function (\w+)\(/gm)].map((found) => found[1]));
  assert.ok(names.length > 300);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
});

test('the sidebar and the menu reach these functions and no others', () => {
  const addon = load(forbidden());
  const open = Object.keys(addon).filter((name) => typeof addon[name] === 'function' && !name.endsWith('_'));
  assert.deepEqual(open.sort(), [
    'abandon', 'acceptInvitation', 'adoptExporter', 'catalog', 'changeExporter', 'companyMembers', 'connectAttempt',
    'connectTicket', 'connections', 'declineInvitation', 'deleteCompany', 'deleteExporter',
    'duplicateExporter', 'enableManaged', 'eraseMe', 'estimate', 'exportDocument', 'forecast', 'forgetTables', 'freezeExporter', 'goOn', 'history', 'home', 'importDocument',
    'insertValue', 'inviteMember', 'leaveCompany', 'makeDashboard', 'newExportHere', 'nextStep', 'onHour', 'onInstall', 'onOpen', 'pauseCompany', 'pickCell', 'preview',
    'previewLeaving', 'readExporter', 'refreshAll', 'refreshThis', 'removeMember', 'renameCompany', 'renameExporter', 'runAgain', 'runsOfExporter', 'saveExporter', 'setMemberRole', 'setSchedule',
    'showBlock', 'showCell', 'showCompaniesHere', 'showHelpHere', 'showSidebar', 'snapshotExporter', 'startExport', 'stopRun', 'takeSchedule', 'unfreezeExporter', 'valueChoices', 'withdrawInvitation',
  ]);
});

test('the manifest asks for six scopes and nothing sensitive', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(ADDON, 'appsscript.json'), 'utf8'));
  assert.deepEqual(manifest.oauthScopes, SCOPES);
  assert.equal(manifest.runtimeVersion, 'V8');
  assert.equal(manifest.exceptionLogging, 'NONE');
  assert.equal(manifest.addOns, undefined);
  assert.equal(manifest.urlFetchWhitelist.length, 1);
  assert.match(manifest.urlFetchWhitelist[0], /^https:\/\/[^*/]+\/$/);
});
