import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { decodePage } from './decode-page.ts';

const meta = (charset: string) => `<meta charset="${charset}">`;

it.each<[string, Buffer, string | undefined, string]>([
  ['the header', iconv.encode('grün', 'latin1'), 'text/html; charset=ISO-8859-1', 'grün'],
  [
    'the header in quotes',
    iconv.encode('日本', 'shift_jis'),
    'text/html;charset="Shift_JIS"',
    '日本',
  ],
  ['the page', iconv.encode(`${meta('windows-1251')}Привет`, 'win1251'), 'text/html', 'Привет'],
  [
    'the page in the old way',
    iconv.encode('<meta http-equiv="a" content="text/html; charset=euc-kr">한국', 'euc-kr'),
    undefined,
    '한국',
  ],
  [
    'a byte order mark before all',
    iconv.encode('é', 'utf16', { addBOM: true }),
    'a/b; charset=ascii',
    'é',
  ],
  ['a mark of UTF-8', Buffer.from('\ufeffé'), 'text/html; charset=latin1', 'é'],
  ['nothing, in UTF-8', Buffer.from('é'), undefined, 'é'],
  ['nothing, in Windows-1252', iconv.encode('“é”', 'win1252'), undefined, '“é”'],
  ['a comment, which does not count', Buffer.from(`<!-- ${meta('latin1')} -->é`), undefined, 'é'],
])('reads a page whose encoding is told by %s', (_title, body, type, text) => {
  expect(decodePage(body, type).html).toContain(text);
});

it('marks what is not in the encoding that the page claims', () => {
  expect(decodePage(iconv.encode('grün', 'latin1'), 'text/html; charset=utf-8').html).toBe('gr�n');
});

it('does not guess when the encoding is unknown', () => {
  expect(decodePage(Buffer.from('a'), 'text/html; charset=klingon')).toEqual({
    problem: 'its encoding "klingon" is unknown',
  });
});
