'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const {load, plain} = require('./fakes/load.js');
const {services} = require('./fakes/services.js');

function calling(options = {}) {
  const told = services({backend: () => [200, {ok: true}], ...options});
  return {addon: load(told.world), ...told};
}

const ID = 'con_acme12345';
const INVITATION = 'inv_ben1234567';
const MEMBER = '0123456789abcdef01234567';

const asked = ({seen}) => seen.requests.map(({url, body}) => {
  const {spreadsheet, ...rest} = plain(body);
  return [url.replace('https://backend.test/', ''), rest];
});

test('each call asks its own address with what was chosen', () => {
  const told = calling();
  const {addon} = told;
  addon.previewLeaving(ID, 'delete');
  addon.pauseCompany(ID, null);
  addon.deleteCompany(ID, 'abc', []);
  addon.renameCompany(ID, 'Acme');
  addon.renameCompany(ID, null);
  addon.companyMembers(ID);
  addon.inviteMember(ID, 'ben@example.com', 'editor');
  addon.withdrawInvitation(ID, INVITATION);
  addon.setMemberRole(ID, MEMBER, 'refresher');
  addon.removeMember(ID, MEMBER);
  addon.leaveCompany(ID);
  addon.acceptInvitation(INVITATION);
  addon.declineInvitation(INVITATION);
  addon.eraseMe(false);
  assert.deepEqual(asked(told), [
    [`connections/${ID}/preview`, {what: 'delete'}],
    [`connections/${ID}/pause`, {confirm: null}],
    [`connections/${ID}/delete`, {confirm: 'abc'}],
    [`connections/${ID}/rename`, {name: 'Acme'}],
    [`connections/${ID}/rename`, {name: null}],
    [`connections/${ID}/members`, {}],
    [`connections/${ID}/invite`, {email: 'ben@example.com', role: 'editor'}],
    [`connections/${ID}/withdraw`, {invitation: INVITATION}],
    [`connections/${ID}/role`, {member: MEMBER, role: 'refresher'}],
    [`connections/${ID}/remove`, {member: MEMBER}],
    [`connections/${ID}/leave`, {}],
    [`account/invitations/${INVITATION}/accept`, {}],
    [`account/invitations/${INVITATION}/decline`, {}],
    ['account/erase', {confirm: false}],
  ]);
});

test('arguments that nobody can choose never leave the add-on', () => {
  const {addon, seen} = calling();
  const refused = [
    addon.previewLeaving(ID, 'burn'),
    addon.pauseCompany('con_../../account', null),
    addon.deleteCompany(ID, null, []),
    addon.deleteCompany(ID, 'abc'),
    addon.deleteCompany(ID, 'abc', ['Bills']),
    addon.renameCompany(ID, 7),
    addon.companyMembers({}),
    addon.inviteMember(ID, 'ben@example.com', 'king'),
    addon.inviteMember(ID, 'b'.repeat(321), 'editor'),
    addon.withdrawInvitation(ID, '../members'),
    addon.setMemberRole(ID, MEMBER, 'king'),
    addon.setMemberRole(ID, 'ben', 'editor'),
    addon.removeMember(ID, [MEMBER]),
    addon.leaveCompany(''),
    addon.acceptInvitation('inv_short'),
    addon.declineInvitation(null),
    addon.eraseMe('yes'),
  ];
  assert.deepEqual(refused.map((answer) => answer.error.code), Array(refused.length).fill('bad_request'));
  assert.equal(seen.requests.length, 0);
});

test('whoever has themselves erased leaves no run behind, in any spreadsheet', () => {
  const told = calling();
  told.properties.user.set('run:other-book:exp_1', '{}');
  told.properties.user.set('run:other-book:exp_1:0', 'sealed');
  told.properties.user.set('hour:trouble:other-book', 'Invoices did not go on.');
  told.properties.user.set('hour:uid:other-book', 'uid-1');
  assert.deepEqual(plain(told.addon.eraseMe(true)), {ok: true});
  // The trigger over there still has to find itself, to end.
  assert.deepEqual([...told.properties.user.keys()], ['hour:uid:other-book']);
});

test('what was not erased keeps its runs', () => {
  const words = 'This deletes everything that Counterfoil keeps about you.';
  const told = calling({backend: () => [409, {error: {code: 'confirmation_needed', message: words, retryable: false}}]});
  told.properties.user.set('run:book:exp_1', '{}');
  assert.equal(told.addon.eraseMe(false).error.message, words);
  assert.equal(told.properties.user.size, 1);
});
