/** Utilities. https://developers.google.com/apps-script/reference/utilities/utilities */

const DigestAlgorithm =
  enumeration('DigestAlgorithm', ['MD2', 'MD5', 'SHA_1', 'SHA_256', 'SHA_384', 'SHA_512']);
const Charset = enumeration('Charset', ['US_ASCII', 'UTF_8']);

const encodeBase64 = self.btoa.bind(self);
const decodeBase64 = self.atob.bind(self);
const randomUuid = self.crypto.randomUUID?.bind(self.crypto);
const Encoder = self.TextEncoder;
const Decoder = self.TextDecoder;

class Blob_ {
  constructor(bytes, type, name) {
    Object.defineProperty(this, 'blob_', {value: {bytes, type, name}});
  }
  get typeName() { return 'Blob'; }
  toString() { return 'Blob'; }
  getBytes() { return signed(this.blob_.bytes); }
  getDataAsString() { return new Decoder().decode(this.blob_.bytes); }
  getContentType() { return this.blob_.type; }
  getName() { return this.blob_.name; }
}

const Utilities = {
  DigestAlgorithm,
  Charset,
  getUuid() { return randomUuid ? randomUuid() : call('utilities.uuid'); },
  sleep(milliseconds) {
    check('Utilities.sleep', arguments, ['number']);
    if (milliseconds < 0 || milliseconds > 300000) {
      throw exception(`Invalid argument: milliseconds. Should be between 0 and 300000.`);
    }
    call('utilities.sleep', {ms: milliseconds});
  },
  computeDigest(algorithm, value) {
    check('Utilities.computeDigest', arguments, [DigestAlgorithm, 'String'],
      [DigestAlgorithm, 'Bytes'], [DigestAlgorithm, 'String', Charset]);
    const base64 = call('utilities.digest', {algorithm: String(algorithm), value: packed(value)});
    return signed(unpacked(base64));
  },
  computeHmacSha256Signature(value, key) {
    check('Utilities.computeHmacSha256Signature', arguments, ['String', 'String'],
      ['Bytes', 'Bytes'], ['String', 'String', Charset]);
    return signed(unpacked(call('utilities.hmac', {value: packed(value), key: packed(key)})));
  },
  base64Encode(data) {
    check('Utilities.base64Encode', arguments, ['String'], ['Bytes'], ['String', Charset]);
    return packed(data);
  },
  base64EncodeWebSafe(data) {
    return Utilities.base64Encode(data).replace(/\+/g, '-').replace(/\//g, '_');
  },
  base64Decode(encoded) {
    check('Utilities.base64Decode', arguments, ['String'], ['String', Charset]);
    return signed(unpacked(encoded));
  },
  base64DecodeWebSafe(encoded) {
    return Utilities.base64Decode(encoded.replace(/-/g, '+').replace(/_/g, '/'));
  },
  newBlob(data, contentType = null, name = null) {
    check('Utilities.newBlob', [data], ['String'], ['Bytes']);
    return new Blob_(bytesOf(data), contentType, name);
  },
  formatDate(date, timeZone, format) {
    check('Utilities.formatDate', arguments, ['Date', 'String', 'String']);
    return formatted(date, timeZone, format);
  },
  formatString(template, ...args) {
    return template.replace(/%[sd]/g, (mark) => (args.length ? String(args.shift()) : mark));
  },
};

/** Bytes as Java has them: from -128 to 127. */
function signed(bytes) {
  return Array.from(bytes, (b) => (b > 127 ? b - 256 : b));
}

function bytesOf(data) {
  return typeof data === 'string'
    ? new Encoder().encode(data)
    : Uint8Array.from(data, (b) => b & 255);
}

function packed(data) {
  const bytes = bytesOf(data);
  const parts = [];
  // In parts: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)));
  }
  return encodeBase64(parts.join(''));
}

function unpacked(base64) {
  try {
    return Uint8Array.from(decodeBase64(base64), (c) => c.charCodeAt(0));
  } catch {
    throw exception('Could not decode string.');
  }
}

/** Java's SimpleDateFormat, as far as people use it. */
function formatted(date, timeZone, format) {
  let shown;
  try {
    shown = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric', weekday: 'long',
    }).formatToParts(date);
  } catch {
    throw exception(`Invalid argument: timeZone. Should be of type: String`);
  }
  const part = Object.fromEntries(shown.map(({type, value}) => [type, value]));
  const minutes = offsetMinutes(date, part);
  const months = new Intl.DateTimeFormat('en-US', {month: 'long', timeZone: 'UTC'});
  const month = months.format(new Date(Date.UTC(2000, Number(part.month) - 1, 1)));
  const number = {
    y: part.year, M: part.month, d: part.day, H: part.hour, m: part.minute, s: part.second,
    h: String(Number(part.hour) % 12 || 12), S: String(date.getMilliseconds()),
  };
  return format.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (run, quoted, letter) => {
    if (!letter) return quoted === '' ? "'" : quoted.replace(/''/g, "'");
    const size = run.length;
    if (letter === 'y' && size === 2) return part.year.slice(-2);
    if (letter === 'M' && size > 2) return size > 3 ? month : month.slice(0, 3);
    if (letter === 'E') return size > 3 ? part.weekday : part.weekday.slice(0, 3);
    if (letter === 'a') return Number(part.hour) < 12 ? 'AM' : 'PM';
    if (letter === 'Z') return offsetText(minutes, '');
    if (letter === 'X') return minutes === 0 ? 'Z' : offsetText(minutes, size > 2 ? ':' : '');
    if (letter === 'z') return zoneName(date, timeZone);
    if (letter in number) return number[letter].padStart(size, '0');
    throw exception(`Illegal pattern character '${letter}'`);
  });
}

function offsetMinutes(date, part) {
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return Math.round((wall - Math.floor(date.getTime() / 1000) * 1000) / 60000);
}

function offsetText(minutes, colon) {
  const two = (n) => String(Math.floor(n)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}${colon}${two(size % 60)}`;
}

function zoneName(date, timeZone) {
  const parts = new Intl.DateTimeFormat('en-US', {timeZone, timeZoneName: 'short'});
  return parts.formatToParts(date).find(({type}) => type === 'timeZoneName').value;
}
