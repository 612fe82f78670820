/** Argument checks with the wording of Apps Script, and its kind of enums. */

const KINDS = {
  number: (v) => typeof v === 'number',
  String: (v) => typeof v === 'string',
  Boolean: (v) => typeof v === 'boolean',
  Date: (v) => v instanceof Date,
  Object: () => true,
  'Object[]': (v) => Array.isArray(v),
  'Object[][]': (v) => Array.isArray(v) && v.length > 0 && v.every((row) => Array.isArray(row)),
  Bytes: (v) => Array.isArray(v) && v.every((b) => Number.isInteger(b)),
};

/**
 * @param {string} method For instance 'SpreadsheetApp.Sheet.getRange'.
 * @param {IArguments|Array} args
 * @param {...Array} signatures Each a list of kinds: a name of KINDS, a class or an enum.
 */
function check(method, args, ...signatures) {
  const fits = (signature) =>
    args.length === signature.length && signature.every((kind, i) => isA(args[i], kind));
  if (signatures.some(fits)) return;
  const given = Array.from(args, kindOf).join(',');
  throw exception(
    `The parameters (${given}) don't match the method signature for ${method}.`,
  );
}

function isA(value, kind) {
  if (typeof kind === 'string') return KINDS[kind](value);
  if (typeof kind === 'function') return value instanceof kind;
  return Object.values(kind).includes(value);
}

function kindOf(value) {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `${value.length ? kindOf(value[0]) : 'Object'}[]`;
  if (typeof value === 'string') return 'String';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'function') return 'Function';
  return value.typeName ?? value.constructor?.name ?? 'Object';
}

/** Enums are objects that read as their name: `e.authMode == 'FULL'` holds, `===` does not. */
function enumeration(typeName, names) {
  const values = names.map((name, i) => [
    name,
    Object.freeze({
      typeName,
      toString: () => name,
      name: () => name,
      ordinal: () => i,
      compareTo: (other) => i - other.ordinal(),
      toJSON: () => name,
    }),
  ]);
  return Object.freeze(Object.fromEntries(values));
}

/** Apps Script cuts fractions off where it wants whole numbers. */
const whole = Math.trunc;
