/** ScriptApp and Session. https://developers.google.com/apps-script/reference/script/script-app */

const AuthorizationStatus = enumeration('AuthorizationStatus', ['REQUIRED', 'NOT_REQUIRED']);

class User {
  constructor(email) { Object.defineProperty(this, 'email_', {value: email}); }
  get typeName() { return 'Session.User'; }
  toString() { return this.email_; }
  getEmail() { return this.email_; }
}

const ScriptApp = {
  AuthMode,
  AuthorizationStatus,
  /** The person's ID token for this script; null unless the manifest asks for `openid`. */
  getIdentityToken() {
    permit('identity', 'ScriptApp.getIdentityToken');
    return hasScope('openid') ? call('script.identityToken') : null;
  },
  getAuthorizationInfo() {
    return {
      getAuthorizationStatus: () => AuthorizationStatus.NOT_REQUIRED,
      getAuthorizationUrl: () => null,
      getAuthorizedScopes: () => [...(project.manifest.oauthScopes ?? [])],
    };
  },
  getScriptId() { return project.scriptId; },
  EventType,
  TriggerSource,
  WeekDay,
  getProjectTriggers() {
    permit('triggers', 'ScriptApp.getProjectTriggers');
    return call('trigger.list', {here: false}).map((known) => new Trigger(known));
  },
  getUserTriggers(document) {
    permit('triggers', 'ScriptApp.getUserTriggers');
    check('ScriptApp.getUserTriggers', arguments, [Spreadsheet]);
    return call('trigger.list', {here: true}).map((known) => new Trigger(known));
  },
  newTrigger(functionName) {
    permit('triggers', 'ScriptApp.newTrigger');
    check('ScriptApp.newTrigger', arguments, ['String']);
    return new TriggerBuilder(functionName);
  },
  deleteTrigger(trigger) {
    permit('triggers', 'ScriptApp.deleteTrigger');
    check('ScriptApp.deleteTrigger', arguments, [Trigger]);
    call('trigger.delete', {id: trigger.getUniqueId()});
  },
};

const Session = {
  getActiveUser() {
    permit('email', 'Session.getActiveUser');
    // Nobody is there when a trigger runs: it only acts for its creator.
    return new User(execution.trigger ? '' : execution.user);
  },
  getEffectiveUser() {
    permit('email', 'Session.getEffectiveUser');
    return new User(execution.user);
  },
  getActiveUserLocale() { return 'en'; },
  getScriptTimeZone() { return project.manifest.timeZone; },
};
