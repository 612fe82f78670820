/**
 * Who may call what: the manifest's scopes and the mode in which the code runs.
 * https://developers.google.com/workspace/add-ons/concepts/editor-auth-lifecycle
 */

const AuthMode = enumeration('AuthMode', ['NONE', 'LIMITED', 'CUSTOM_FUNCTION', 'FULL']);

const SCOPE = 'https://www.googleapis.com/auth/';

/** A service works with any one of its scopes, in its modes; no scopes: none is needed. */
const PERMISSIONS = {
  document: {
    modes: ['LIMITED', 'CUSTOM_FUNCTION', 'FULL'],
    scopes: [`${SCOPE}spreadsheets.currentonly`, `${SCOPE}spreadsheets`],
  },
  properties: {modes: ['LIMITED', 'CUSTOM_FUNCTION', 'FULL'], scopes: []},
  lock: {modes: ['LIMITED', 'CUSTOM_FUNCTION', 'FULL'], scopes: []},
  fetch: {modes: ['CUSTOM_FUNCTION', 'FULL'], scopes: [`${SCOPE}script.external_request`]},
  interface: {modes: ['FULL'], scopes: [`${SCOPE}script.container.ui`]},
  email: {modes: ['FULL'], scopes: [`${SCOPE}userinfo.email`]},
  triggers: {modes: ['FULL'], scopes: [`${SCOPE}script.scriptapp`]},
  identity: {modes: ['FULL'], scopes: []},
};

/**
 * @param {string} service A key of PERMISSIONS.
 * @param {string} method As the error names it.
 */
function permit(service, method) {
  const {modes, scopes} = PERMISSIONS[service];
  const granted = scopes.length === 0 || scopes.some(hasScope);
  if (granted && modes.includes(execution.authMode)) return;
  const needed = scopes.length > 1 ? `(${scopes.join(' || ')})` : scopes.join('');
  throw exception(
    `You do not have permission to call ${method}.` +
      (needed ? ` Required permissions: ${needed}` : ''),
  );
}

function hasScope(scope) {
  return (project.manifest.oauthScopes ?? []).includes(scope);
}
