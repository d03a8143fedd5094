import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPageSpec } from './read-page-spec.ts';
import { printFindings } from './spec-finding.ts';

const GOOD = `page: quotes
url: https://example.com/
rows: tr.quote
key: text
fields:
  text: .text
`;

it('reads the sample, which is also what the documentation shows', () => {
  const root = join(import.meta.dirname, '../../..');
  const sample = readPageSpec(readFileSync(join(root, 'producers/samples/quotes.yaml'), 'utf8'));
  const page = readFileSync(join(root, 'docs/scraping.md'), 'utf8');
  const [, shown = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  expect(sample.findings).toEqual([]);
  expect(readPageSpec(shown)).toEqual(sample);
});

it('reads a short page with its defaults, and makes the key required', () => {
  const { spec, findings } = readPageSpec(GOOD);
  expect(findings).toEqual([]);
  expect(spec).toMatchObject({
    page: 'quotes',
    rows: 'tr.quote',
    key: ['text'],
    fields: [{ name: 'text', select: '.text', type: 'text', required: true }],
    everyMs: 600_000,
    jitterMs: 60_000,
    pauseMs: 1000,
    limits: { bytes: 5 * 1024 ** 2, timeMs: 30_000, redirects: 5 },
    remember: 100_000,
  });
});

it('reads everything a page may say', () => {
  const { spec, findings } = readPageSpec(`page: prices
url: [https://example.com/a, https://example.com/b]
rows: li
key: [name, shop]
fields:
  name: { select: b, type: text, required: true }
  shop: { attribute: data-shop }
  price: { select: i, match: '([0-9.,]+) €', type: number, decimal: comma }
next: { select: a.next, pages: 3 }
every: 1 hour
jitter: 0 seconds
pause: 2 seconds
limits: { bytes: 1000, time: 5 seconds, redirects: 0 }
remember: 10
contact: https://example.com/bot
`);
  expect(findings).toEqual([]);
  expect(spec).toMatchObject({ key: ['name', 'shop'], next: { select: 'a.next', pages: 3 } });
  expect(spec?.fields[2]).toMatchObject({ name: 'price', decimalComma: true, type: 'number' });
  expect(spec?.limits).toEqual({ bytes: 1000, timeMs: 5000, redirects: 0 });
});

it.each([
  ['page: quotes', 'page: Quotes', '1:7: page is "Quotes". It must be small letters'],
  ['url: https', 'urls: https', '1:1: url is missing.'],
  ['url: https', 'urls: https', '2:1: urls is no field of the page.'],
  ['url: https', 'urls: https', 'Did you mean url?'],
  ['https://example.com/', 'file:///etc/passwd', '2:6: url is "file:///etc/passwd".'],
  ['https://example.com/', 'https://me:pw@example.com/', '2:6: url is '],
  ['rows: tr.quote', 'rows: "tr["', '3:7: rows is "tr[" ('],
  ['key: text', 'key: txt', '4:6: key names txt, which is no field. The fields are text.'],
  ['text: .text', 'text: { selct: .text }', '6:11: selct is no field of field text.'],
  ['text: .text', 'text: { type: txt }', '6:17: type is txt. It must be one of text, number'],
  ['text: .text', 'text: { match: "(a" }', '6:18: match is "(a" ('],
  ['text: .text', 'text: { match: "(?=a)" }', 'has no look-around'],
  ['text: .text', 'text: { required: 1 }', '6:21: required is 1. It must be true or false.'],
  ['text: .text', 'seenAt: .text', 'Each row gets a seenAt already.'],
  ['text: .text', 'a-b: .text', 'A field is called "a-b".'],
  ['text: .text', 'text: .text\n  text: b', '7:3: text is there twice.'],
  ['key: text', 'key: text\nevery: 10', '5:8: every is 10. It must be a number and second'],
  ['key: text', 'key: text\nlimits: { bytes: 0 }', '5:18: bytes is 0. It must be a whole number'],
  ['key: text', 'key: text\nnext: { pages: 2 }', '5:7: next has no select.'],
  ['key: text', 'key: text\ncontact: "a) b"', '5:10: contact is "a) b".'],
  ['key: text', 'key: *text', '4:6: This is an alias. Aliases are not taken.'],
  ['key: text', 'key: [text', 'This is no YAML'],
])('says where and what is wrong when %j is %j', (part, wrong, sentence) => {
  const { spec, findings } = readPageSpec(GOOD.replace(part, wrong));
  expect(spec).toBeUndefined();
  const text = printFindings('q.yaml', findings);
  expect(text).toContain(sentence);
});

it.each([
  ['nothing', ''],
  ['a word', 'quotes'],
  ['a list', '- a'],
  ['brackets of 60,000 levels', '['.repeat(60_000)],
  ['too much', 'a: b\n'.repeat(20_000)],
  ['bombs of aliases', 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\npage: *c'],
  ['names of prototypes', '__proto__: 1\nconstructor: 2'],
  ['bytes that are no text', '\u0000\u0001'],
])('answers %s with findings and in no time', (_title, text) => {
  const started = performance.now();
  const { spec, findings } = readPageSpec(text);
  expect(spec).toBeUndefined();
  expect(findings.length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(5000);
});
