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
  getUserTriggers() {
    permit('triggers', 'ScriptApp.getUserTriggers');
    return [];
  },
  newTrigger() {
    permit('triggers', 'ScriptApp.newTrigger');
    throw exception('This sandbox has no triggers yet.');
  },
};

const Session = {
  getActiveUser() {
    permit('email', 'Session.getActiveUser');
    return new User(execution.user);
  },
  getEffectiveUser() {
    permit('email', 'Session.getEffectiveUser');
    return new User(execution.user);
  },
  getActiveUserLocale() { return 'en'; },
  getScriptTimeZone() { return project.manifest.timeZone; },
};
