import iconv from 'iconv-lite';

/** Bytes in which a page must say its encoding (HTML standard, "prescan a byte stream"). */
const PRESCAN_BYTES = 1024;
const BYTE_ORDER_MARKS: readonly (readonly [string, Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];
/** What browsers take these names for (WHATWG Encoding). */
const MEANT: Readonly<Record<string, string>> = {
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'us-ascii': 'windows-1252',
  ascii: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  gb2312: 'gbk',
  'ks_c_5601-1987': 'cp949',
  'x-sjis': 'shift_jis',
};

export type DecodedPage =
  | { readonly html: string; readonly encoding: string }
  | { readonly html?: undefined; readonly problem: string };

/**
 * The text of a page, whose encoding is told by its byte order mark, else the header, else the page itself, in this
 * order as in browsers. A page that does not say is UTF-8 if it can be, else Windows-1252. What cannot be decoded
 * becomes U+FFFD.
 */
export function decodePage(body: Buffer, contentType: string | undefined): DecodedPage {
  const mark = BYTE_ORDER_MARKS.find(([, bytes]) => body.subarray(0, bytes.length).equals(bytes));
  const said = mark?.[0] ?? readCharset(contentType) ?? readMeta(body);
  const encoding = said === undefined ? guess(body) : (MEANT[said] ?? said);
  const exists: boolean = iconv.encodingExists(encoding);
  if (!exists) {
    return { problem: `its encoding ${JSON.stringify(encoding.slice(0, 40))} is unknown` };
  }
  return { html: iconv.decode(body, encoding, { stripBOM: true }), encoding };
}

function readCharset(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
}

function readMeta(body: Buffer): string | undefined {
  const start = body.subarray(0, PRESCAN_BYTES).toString('latin1');
  const tags = start.replaceAll(/<!--[\s\S]*?-->/g, '').match(/<meta\s[^>]*>/gi) ?? [];
  const charset = tags
    .map((tag) => /charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(tag)?.[1]?.toLowerCase())
    .find((each) => each !== undefined);
  // A page that can say so in one byte a letter is not written in two.
  return charset?.startsWith('utf-16') === true ? 'utf-8' : charset;
}

function guess(body: Buffer): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
