'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

function calling() {
  const {seen, world} = services({backend: () => [200, {ok: true}]});
  return {addon: load(world), seen};
}

const ID = 'con_acme12345';

test('each call asks its own address with what was chosen', () => {
  const {addon, seen} = calling();
  addon.previewLeaving(ID, 'delete');
  addon.pauseCompany(ID, null);
  addon.deleteCompany(ID, 'abc');
  addon.renameCompany(ID, 'Acme');
  addon.companyMembers(ID);
  addon.inviteMember(ID, 'ben@example.com', 'editor');
  addon.leaveCompany(ID);
  assert.deepEqual(seen.requests.map(({url}) => url.split('/').pop()),
    ['preview', 'pause', 'delete', 'rename', 'members', 'invite', 'leave']);
  assert.deepEqual([seen.requests[5].body.email, seen.requests[5].body.role], ['ben@example.com', 'editor']);
  assert.equal(seen.requests[2].body.confirm, 'abc');
});

test('arguments that nobody can choose never leave the add-on', () => {
  const {addon, seen} = calling();
  const asked = [
    addon.previewLeaving(ID, 'burn'),
    addon.pauseCompany('con_../../account', null),
    addon.deleteCompany(ID, null),
    addon.renameCompany(ID, 7),
    addon.companyMembers({}),
    addon.inviteMember(ID, 'ben@example.com', 'king'),
    addon.leaveCompany(''),
  ];
  assert.deepEqual(asked.map((answer) => answer.error.code), Array(7).fill('bad_request'));
  assert.equal(seen.requests.length, 0);
});
