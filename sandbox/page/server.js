/** Plain requests to the sandbox. */

/**
 * @param {string} path
 * @return {Promise<Object|null>} null where nothing has changed (204).
 */
export async function get(path) {
  return read(await fetch(path, {cache: 'no-store'}));
}

/** @param {string} path @param {Object} body */
export async function post(path, body) {
  const headers = {'Content-Type': 'application/json'};
  return read(await fetch(path, {method: 'POST', headers, body: JSON.stringify(body)}));
}

async function read(response) {
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The sandbox answered ${response.status}.`);
  return answer;
}
