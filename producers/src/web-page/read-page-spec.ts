import { createHash } from 'node:crypto';
import type { Node } from 'yaml';
import type { PageSpec } from './page-spec.ts';
import { readFieldSpecs } from './read-field-specs.ts';
import { readSelector } from './read-selector.ts';
import type { SpecFinding } from './spec-finding.ts';
import { describeNode, type SpecFields, SpecReader } from './spec-reader.ts';

const KNOWN = [
  ...['page', 'url', 'rows', 'key', 'fields', 'next', 'every', 'jitter', 'pause', 'limits'],
  ...['remember', 'contact'],
] as const;
const NEEDED = ['page', 'url', 'rows', 'key', 'fields'] as const;
const UNIT_MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export type ReadSpec =
  | { readonly spec: PageSpec; readonly findings: readonly [] }
  | { readonly spec?: undefined; readonly findings: readonly SpecFinding[] };

/** Reads the YAML of a page. Says everything that is wrong with it at once, each with line and column. */
export function readPageSpec(text: string): ReadSpec {
  const reader = new SpecReader();
  const top = reader.open(text);
  if (top === undefined) {
    const empty = { line: 1, column: 1, message: 'The file is empty.', hint: 'Describe a page.' };
    return { findings: reader.findings.length > 0 ? reader.findings : [empty] };
  }
  const fields = reader.fields(top, 'the page', KNOWN);
  const spec = fields === undefined ? undefined : readFields(reader, top, fields);
  return spec === undefined || reader.findings.length > 0
    ? { findings: reader.findings }
    : { spec, findings: [] };
}

function readFields(reader: SpecReader, top: Node, fields: SpecFields): PageSpec | undefined {
  for (const name of NEEDED.filter((each) => !fields.has(each))) {
    reader.complain(top, {
      found: `${name} is missing.`,
      wanted: `A page needs ${NEEDED.join(', ')}.`,
      next: `Add ${name}.`,
    });
  }
  const columns = readFieldSpecs(reader, fields.get('fields'));
  const key = readKey(
    reader,
    fields.get('key'),
    columns.map(({ name }) => name),
  );
  const page = readName(reader, fields.get('page'));
  const rows = readSelector(reader, fields.get('rows'), 'rows');
  const everyMs = readDuration(reader, fields.get('every'), 'every') ?? 10 * UNIT_MS.minute;
  const next = readNext(reader, fields.get('next'));
  const rest = {
    urls: readUrls(reader, fields.get('url')),
    next,
    everyMs,
    jitterMs: readDuration(reader, fields.get('jitter'), 'jitter') ?? Math.round(everyMs / 10),
    pauseMs: readDuration(reader, fields.get('pause'), 'pause') ?? UNIT_MS.second,
    limits: readLimits(reader, fields.get('limits')),
    remember: reader.whole(fields.get('remember'), 'remember', [1, 1_000_000]) ?? 100_000,
    contact: readContact(reader, fields.get('contact')),
  };
  if (page === undefined || rows === undefined) {
    return undefined;
  }
  // A key cannot tell rows apart when it may be empty.
  const kept = columns.map((each) => ({
    ...each,
    required: each.required || key.includes(each.name),
  }));
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        rows,
        next,
        key,
        kept.map((each) => ({ ...each, match: each.match?.pattern() })),
      ]),
    )
    .digest('base64url');
  return Object.freeze({ ...rest, page, rows, key, fields: kept, fingerprint });
}

function readName(reader: SpecReader, node: Node | undefined): string | undefined {
  const name = reader.text(node, 'page');
  if (node === undefined || name === undefined || /^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    return name;
  }
  return reader.complain(node, {
    found: `page is ${JSON.stringify(name)}.`,
    wanted: 'It must be small letters, digits and hyphens, a letter first, at most 63.',
  });
}

function readUrls(reader: SpecReader, node: Node | undefined): readonly URL[] {
  return node === undefined ? [] : reader.list(node).flatMap((each) => readUrl(reader, each) ?? []);
}

function readUrl(reader: SpecReader, node: Node): URL | undefined {
  const text = reader.text(node, 'url');
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && /^https?:$/.test(url.protocol);
  if (text === undefined || (plain && url.username === '' && url.password === '')) {
    return url;
  }
  return reader.complain(node, {
    found: `url is ${JSON.stringify(text)}.`,
    wanted: 'It must be an http or https address without user and password.',
  });
}

function readKey(reader: SpecReader, node: Node | undefined, names: readonly string[]): string[] {
  if (node === undefined) {
    return [];
  }
  return reader.list(node).flatMap((each) => {
    const name = reader.text(each, 'key');
    if (name === undefined || names.includes(name)) {
      return name ?? [];
    }
    reader.complain(each, {
      found: `key names ${name}, which is no field.`,
      wanted: `The fields are ${names.join(', ')}.`,
    });
    return [];
  });
}

function readNext(reader: SpecReader, node: Node | undefined): PageSpec['next'] {
  const fields = node && reader.fields(node, 'next', ['select', 'pages']);
  if (fields === undefined) {
    return undefined;
  }
  const select = readSelector(reader, fields.get('select'), 'select');
  if (!fields.has('select')) {
    reader.complain(node, {
      found: 'next has no select.',
      wanted: 'It must select the link to the next page.',
    });
  }
  const pages = reader.whole(fields.get('pages'), 'pages', [1, 1000]) ?? 10;
  return select === undefined ? undefined : { select, pages };
}

function readLimits(reader: SpecReader, node: Node | undefined): PageSpec['limits'] {
  const fields = node && reader.fields(node, 'limits', ['bytes', 'time', 'redirects']);
  return {
    bytes: reader.whole(fields?.get('bytes'), 'bytes', [1, 64 * 1024 ** 2]) ?? 5 * 1024 ** 2,
    timeMs: readDuration(reader, fields?.get('time'), 'time') ?? 30 * UNIT_MS.second,
    redirects: reader.whole(fields?.get('redirects'), 'redirects', [0, 10]) ?? 5,
  };
}

function readContact(reader: SpecReader, node: Node | undefined): string | undefined {
  const contact = reader.text(node, 'contact');
  if (
    node === undefined ||
    contact === undefined ||
    /^[\x21-\x27\x2a-\x7e]{3,200}$/.test(contact)
  ) {
    return contact;
  }
  return reader.complain(node, {
    found: `contact is ${JSON.stringify(contact)}.`,
    wanted:
      'It must be an address of the web or of mail, in ASCII and without blanks and brackets.',
  });
}

/** `10 minutes` in milliseconds. */
function readDuration(
  reader: SpecReader,
  node: Node | undefined,
  name: string,
): number | undefined {
  if (node === undefined) {
    return undefined;
  }
  const text = describeNode(node).replaceAll('"', '');
  const [, count, unit] = /^(\d{1,6}) (second|minute|hour|day)s?$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return reader.complain(node, {
    found: `${name} is ${describeNode(node)}.`,
    wanted: 'It must be a number and second, minute, hour or day, as 10 minutes.',
  });
}
