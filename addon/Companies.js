/**
 * @fileoverview What the sidebar can ask about companies and their members. The backend decides who
 * may; arguments of another kind than a person can choose never leave the add-on.
 */

const COMPANY_ROLES = ['owner', 'editor', 'refresher'];

/** @param {string} id @param {'pause'|'delete'} what @return {*} What would happen, in words, or {error}. */
function previewLeaving(id, what) {
  return ofCompany_(id, 'preview', {what}, what === 'pause' || what === 'delete');
}

/** @param {string} id @param {?string} confirm From `previewLeaving`. @return {*} */
function pauseCompany(id, confirm) {
  return ofCompany_(id, 'pause', {confirm}, confirm === null || isText_(confirm));
}

/** @param {string} id @param {string} confirm From `previewLeaving`. @return {*} */
function deleteCompany(id, confirm) {
  return ofCompany_(id, 'delete', {confirm}, isText_(confirm));
}

/** @param {string} id @param {?string} name null for QuickBooks' own. @return {*} */
function renameCompany(id, name) {
  return ofCompany_(id, 'rename', {name}, name === null || isText_(name));
}

/** @param {string} id @return {*} */
function companyMembers(id) {
  return ofCompany_(id, 'members', {}, true);
}

/** @param {string} id @param {string} email @param {string} role @return {*} */
function inviteMember(id, email, role) {
  return ofCompany_(id, 'invite', {email, role}, isText_(email) && COMPANY_ROLES.includes(role));
}

/** @param {string} id @return {*} */
function leaveCompany(id) {
  return ofCompany_(id, 'leave', {}, true);
}

/**
 * @param {*} id
 * @param {string} verb
 * @param {!Object} body
 * @param {boolean} fits Whether the arguments are of the right kind.
 * @return {*}
 */
function ofCompany_(id, verb, body, fits) {
  if (typeof id !== 'string' || !/^con_[\w-]{8,64}$/.test(id) || !fits) {
    return trouble_('bad_request', false);
  }
  return answered_(() => callBackend_('connections/' + id + '/' + verb, body));
}
