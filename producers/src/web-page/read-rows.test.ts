import { expect, it } from 'vitest';
import { readPageSpec } from './read-page-spec.ts';
import { readRows } from './read-rows.ts';
import { quotesPage } from './web-site.ts';

const url = new URL('https://example.com/quotes/');
const { spec } = readPageSpec(`page: quotes
url: ${url.href}
rows: tr.quote
key: text
fields:
  text: { select: .text }
  author: { select: .author, required: true }
  likes: { select: .likes, attribute: data-likes, type: integer }
  liked: { select: .likes, match: '\\d+ (\\w+)' }
next: { select: a.next, pages: 3 }
`);
const read = (html: string) => {
  if (spec === undefined) throw new Error('the page is wrong');
  return readRows(html, url, spec);
};

it('reads the rows of a page and the link to the next one', () => {
  const { rows, problems, next } = read(
    quotesPage([{ text: 'Be\n   <b>yourself</b>&nbsp;!', author: 'Wilde' }], '../page/2'),
  );
  expect(problems).toEqual([]);
  expect(rows).toEqual([
    { key: '"Be yourself !"', values: ['"Be yourself !"', '"Wilde"', '1234', '"likes"'] },
  ]);
  expect(next?.href).toBe('https://example.com/page/2');
});

it('leaves fields that are not required and not there empty', () => {
  const { rows, problems } = read(
    '<table><tr class="quote"><td class="text">a</td><td class="author">b</td></tr></table>',
  );
  expect(problems).toEqual([]);
  expect(rows[0]?.values).toEqual(['"a"', '"b"', 'null', 'null']);
});

it.each([
  ['an empty page', '', 'rows: "tr.quote" finds nothing'],
  ['another layout', '<div class="quote">x</div>', 'rows: "tr.quote" finds nothing'],
  ['a row without a key', quotesPage([{ text: ' ', author: 'b' }]), 'text: ".text" is empty'],
  ['a row without a required field', quotesPage([{ text: 'a', author: '' }]), 'author: ".author"'],
  ['a wrong value', quotesPage([{ text: 'a', author: 'b', likes: 'n/a' }]), '"n/a" is not a whole'],
  ['unreadable letters', quotesPage([{ text: 'a�', author: 'b' }]), 'is not free of unreadable'],
])('gives no row and a problem for %s', (_title, html, problem) => {
  const { rows, problems } = read(html);
  expect(rows).toEqual([]);
  expect(problems[0]).toContain(problem);
});

it('keeps good rows beside bad ones, which it counts', () => {
  const bad = Array.from({ length: 30 }, () => ({ text: 'x', author: '' }));
  const { rows, refused, problems } = read(quotesPage([{ text: 'a', author: 'b' }, ...bad]));
  expect({ rows: rows.length, refused }).toEqual({ rows: 1, refused: 30 });
  expect(problems).toEqual(['author: ".author" is empty (30 of 31 rows)']);
});

it('takes one of two rows with the same key, and says when they differ', () => {
  const [one, other] = [
    { text: 'a', author: 'b' },
    { text: 'a', author: 'c' },
  ];
  expect(read(quotesPage([one, one])).rows).toHaveLength(1);
  expect(read(quotesPage([one, one])).problems).toEqual([]);
  const { rows, problems } = read(quotesPage([one, other]));
  expect(rows).toHaveLength(1);
  expect(problems).toEqual(['key: "a" stands for different rows (1 of 2 rows)']);
});

it.each([
  ['b', 'b'],
  ['b', 'td b'],
  ['b', 'td > b'],
  ['b', 'b:first-child'],
  ['b', ':scope > td b'],
])('finds the first %s of each row by %j, also of rows in rows', (_title, select) => {
  const { spec: nested } = readPageSpec(
    `page: a\nurl: https://a.b/\nrows: tr\nkey: it\nfields: { it: '${select}', id: { attribute: id } }`,
  );
  if (nested === undefined) throw new Error('the page is wrong');
  const inner = '<table><tr id="2"><td><b>two</b><b>no</b></td></tr></table>';
  const html = `<table><tr id="1"><td><b>one</b>${inner}</td></tr><tr id="3"><td><b>three</b></td></tr></table>`;
  const { rows } = readRows(html, url, nested);
  expect(rows.map(({ values }) => values)).toEqual([
    ['"one"', '"1"'],
    ['"two"', '"2"'],
    ['"three"', '"3"'],
  ]);
});
