/**
 * @fileoverview What the sidebar can ask about companies, their members, invitations and the person.
 * The backend decides who may; arguments of another kind than a person can choose never leave the
 * add-on.
 */

const COMPANY_ROLES = ['owner', 'editor', 'refresher'];
const COMPANY = /^con_[\w-]{8,64}$/;
const INVITATION = /^inv_[\w-]{8,64}$/;
const MEMBER = /^[0-9a-f]{24}$/;
// An address has at most 254 characters: RFC 5321, 4.5.3.1.3. The backend says what is wrong with it.
const LONGEST_ADDRESS = 320;

/** @param {string} id @param {'pause'|'delete'} what @return {*} What would happen, in words, or {error}. */
function previewLeaving(id, what) {
  return ofCompany_(id, 'preview', {what}, what === 'pause' || what === 'delete');
}

/** @param {string} id @param {?string} confirm From `previewLeaving`. @return {*} */
function pauseCompany(id, confirm) {
  return ofCompany_(id, 'pause', {confirm}, confirm === null || isText_(confirm));
}

/**
 * @param {string} id
 * @param {string} confirm From `previewLeaving`.
 * @param {!Array<string>} blocks The tables here of exports that go with it; they stay in the sheet.
 * @return {*}
 */
function deleteCompany(id, confirm, blocks) {
  const tables = Array.isArray(blocks) && blocks.every((each) => fits_(BLOCK_NAME, each));
  const done = ofCompany_(id, 'delete', {confirm}, isText_(confirm) && tables);
  if (!done.error) letGo_(blocks);
  return done;
}

/** @param {string} id @param {?string} name null for QuickBooks' own. @return {*} */
function renameCompany(id, name) {
  return ofCompany_(id, 'rename', {name}, name === null || isText_(name));
}

/** @param {string} id @return {*} {members, invitations}; invitations for an owner only. */
function companyMembers(id) {
  return ofCompany_(id, 'members', {}, true);
}

/** @param {string} id @param {string} email @param {string} role @return {*} {invitation} */
function inviteMember(id, email, role) {
  const address = typeof email === 'string' && email.length > 0 && email.length <= LONGEST_ADDRESS;
  return ofCompany_(id, 'invite', {email, role}, address && COMPANY_ROLES.includes(role));
}

/** @param {string} id @param {string} invitation @return {*} */
function withdrawInvitation(id, invitation) {
  return ofCompany_(id, 'withdraw', {invitation}, fits_(INVITATION, invitation));
}

/** @param {string} id @param {string} member From `companyMembers`. @param {string} role @return {*} */
function setMemberRole(id, member, role) {
  return ofCompany_(id, 'role', {member, role}, fits_(MEMBER, member) && COMPANY_ROLES.includes(role));
}

/** @param {string} id @param {string} member From `companyMembers`. @return {*} */
function removeMember(id, member) {
  return ofCompany_(id, 'remove', {member}, fits_(MEMBER, member));
}

/** @param {string} id @return {*} */
function leaveCompany(id) {
  return ofCompany_(id, 'leave', {}, true);
}

/** @param {string} invitation @return {*} {connection_id, name, role} */
function acceptInvitation(invitation) {
  return ofInvitation_(invitation, 'accept');
}

/** @param {string} invitation @return {*} */
function declineInvitation(invitation) {
  return ofInvitation_(invitation, 'decline');
}

/**
 * Everything that the backend keeps about the person, and what this add-on keeps for them: runs that
 * wait in their user properties, and here the trigger that would go on with them.
 *
 * @param {boolean} confirm false only asks what would happen: the answer's error says it.
 * @return {*} {removed}: how many records of each kind, and `left`, 0.
 */
function eraseMe(confirm) {
  if (confirm !== true && confirm !== false) return trouble_('bad_request', false);
  return answered_(() => {
    const answer = callBackend_('account/erase', {confirm});
    if (!answer.error) forgetAll_();
    return answer;
  });
}

/**
 * @param {*} id
 * @param {string} verb
 * @param {!Object} body
 * @param {boolean} fits Whether the arguments are of the right kind.
 * @return {*}
 */
function ofCompany_(id, verb, body, fits) {
  if (!fits_(COMPANY, id) || !fits) return trouble_('bad_request', false);
  return answered_(() => callBackend_('connections/' + id + '/' + verb, body));
}

/** @param {*} id @param {string} verb @return {*} */
function ofInvitation_(id, verb) {
  if (!fits_(INVITATION, id)) return trouble_('bad_request', false);
  return answered_(() => callBackend_('account/invitations/' + id + '/' + verb, {}));
}

/** @param {!RegExp} pattern @param {*} value @return {boolean} */
function fits_(pattern, value) {
  return typeof value === 'string' && pattern.test(value);
}
