/** UrlFetchApp: the request is made by the sandbox, as Google's servers make it.
 * https://developers.google.com/apps-script/reference/url-fetch/url-fetch-app */

class HTTPResponse {
  constructor(answer) { Object.defineProperty(this, 'answer_', {value: answer}); }
  get typeName() { return 'UrlFetchApp.HTTPResponse'; }
  toString() { return this.getContentText(); }
  getResponseCode() { return this.answer_.status; }
  getContentText(charset) {
    return new Decoder(charset ?? this.answer_.charset).decode(unpacked(this.answer_.body));
  }
  getContent() { return signed(unpacked(this.answer_.body)); }
  /** Of a header that came twice, the last. */
  getHeaders() {
    return Object.fromEntries(Object.entries(this.getAllHeaders())
      .map(([name, value]) => [name, Array.isArray(value) ? value[value.length - 1] : value]));
  }
  getAllHeaders() { return {...this.answer_.headers}; }
}

const METHODS = ['get', 'delete', 'patch', 'post', 'put'];

/** @return {Object} The request as the sandbox wants it. */
function requestOf(url, params) {
  const method = String(params.method ?? 'get').toLowerCase();
  if (!METHODS.includes(method)) {
    throw exception(`Attribute provided with invalid value: method`);
  }
  const {payload, contentType} = bodyOf(params);
  return {
    url: String(url),
    method: method.toUpperCase(),
    headers: Object.fromEntries(
      Object.entries(params.headers ?? {}).map(([name, value]) => [name, String(value)])),
    payload,
    contentType,
    follow: params.followRedirects ?? true,
    timeout_s: params.timeoutSeconds ?? 360,
  };
}

function bodyOf({payload, contentType}) {
  if (payload === undefined || payload === null) return {payload: null, contentType: null};
  if (payload instanceof Blob_) {
    return {payload: packed(payload.getBytes()), contentType: contentType ?? payload.getContentType()};
  }
  if (typeof payload === 'object' && !Array.isArray(payload)) {
    const encoded = Object.entries(payload)
      .map((pair) => pair.map((text) => encodeURIComponent(String(text))).join('=')).join('&');
    return {payload: packed(encoded), contentType: contentType ?? FORM};
  }
  const data = typeof payload === 'number' ? String(payload) : payload;
  return {payload: packed(data), contentType: contentType ?? FORM};
}

const FORM = 'application/x-www-form-urlencoded';

function responseOf(url, params, answer) {
  if (answer.error) throw exception(answer.error);
  const response = new HTTPResponse(answer);
  if (answer.status >= 400 && !params.muteHttpExceptions) {
    throw exception(
      `Request failed for ${url.split('/').slice(0, 3).join('/')} returned code ` +
      `${answer.status}. Truncated server response: ${response.getContentText().slice(0, 200)} ` +
      '(use muteHttpExceptions option to examine full response)',
    );
  }
  return response;
}

const UrlFetchApp = {
  fetch(url, params = {}) {
    check('UrlFetchApp.fetch', arguments, ['String'], ['String', 'Object']);
    permit('fetch', 'UrlFetchApp.fetch');
    const [answer] = call('fetch', {requests: [requestOf(url, params)]});
    return responseOf(url, params, answer);
  },
  /** All at once; throws if one of them fails. */
  fetchAll(requests) {
    check('UrlFetchApp.fetchAll', arguments, ['Object[]']);
    permit('fetch', 'UrlFetchApp.fetchAll');
    const all = requests.map((one) => (typeof one === 'string' ? {url: one} : one));
    const answers = call('fetch', {requests: all.map((one) => requestOf(one.url, one))});
    return answers.map((answer, i) => responseOf(all[i].url, all[i], answer));
  },
};
