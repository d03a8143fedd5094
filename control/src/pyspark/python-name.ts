// https://docs.python.org/3.13/reference/lexical_analysis.html#keywords, soft keywords included
const keywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for ' +
    'from global if import in is lambda nonlocal not or pass raise return try while with yield match case ' +
    'type _'
  ).split(' '),
);

/**
 * A Python identifier made from a spec's name: `device-events` becomes `device_events`. Anything that is not a
 * letter, digit or underscore becomes an underscore; a leading digit or a keyword gets one more.
 */
export function pythonName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_').toLowerCase();
  if (plain === '' || /^[0-9]/.test(plain)) {
    return `_${plain}`;
  }
  return keywords.has(plain) ? `${plain}_` : plain;
}
