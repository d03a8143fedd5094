import { RE2JS, RE2JSException } from 're2js';
import { isMap, type Node } from 'yaml';
import { FIELD_TYPES, type FieldSpec, type FieldType, STAMPS } from './page-spec.ts';
import { readSelector } from './read-selector.ts';
import { describeNode, type SpecReader } from './spec-reader.ts';

const KNOWN = ['select', 'attribute', 'match', 'type', 'required', 'decimal'] as const;

/** Reads the fields of a row: each is a selector, or a mapping that says more. */
export function readFieldSpecs(reader: SpecReader, node: Node | undefined): readonly FieldSpec[] {
  const fields = node && reader.fields(node, 'fields', []);
  if (fields === undefined) {
    return [];
  }
  if (fields.size === 0) {
    reader.complain(node, { found: 'fields is empty.', wanted: 'A row needs a field.' });
  }
  return [...fields].flatMap(([name, each]) => {
    const isGood = isColumnName(reader, each, name);
    const field = readField(reader, name, each);
    return isGood && field !== undefined ? [field] : [];
  });
}

function isColumnName(reader: SpecReader, node: Node, name: string): boolean {
  const stamp = STAMPS.some((each) => each.toLowerCase() === name.toLowerCase());
  if (!stamp && /^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name)) {
    return true;
  }
  reader.complain(node, {
    found: stamp
      ? `Each row gets a ${name} already.`
      : `A field is called ${JSON.stringify(name)}.`,
    wanted: 'A name must be letters, digits and _, a letter first, at most 63.',
    next: 'Choose another name.',
  });
  return false;
}

function readField(reader: SpecReader, name: string, node: Node): FieldSpec | undefined {
  if (!isMap(node)) {
    const select = readSelector(reader, node, name);
    return { name, select, type: 'text', required: false, decimalComma: false };
  }
  const fields = reader.fields(node, `field ${name}`, KNOWN);
  return (
    fields && {
      name,
      select: readSelector(reader, fields.get('select'), 'select'),
      attribute: reader.text(fields.get('attribute'), 'attribute')?.toLowerCase(),
      match: readPattern(reader, fields.get('match')),
      type: readType(reader, fields.get('type')),
      required: reader.flag(fields.get('required'), 'required') ?? false,
      decimalComma: readDecimal(reader, fields.get('decimal')),
    }
  );
}

/** RE2 has no expression that takes more than linear time. */
function readPattern(reader: SpecReader, node: Node | undefined): RE2JS | undefined {
  const pattern = reader.text(node, 'match');
  if (node === undefined || pattern === undefined) {
    return undefined;
  }
  try {
    return RE2JS.compile(pattern);
  } catch (caught) {
    const problem =
      caught instanceof RE2JSException || caught instanceof Error ? caught.message : '';
    return reader.complain(node, {
      found: `match is ${JSON.stringify(pattern)} (${problem.replace(/\.$/, '')}).`,
      wanted:
        'It must be a regular expression of RE2, which has no look-around and no back-references.',
    });
  }
}

function readType(reader: SpecReader, node: Node | undefined): FieldType {
  const text = node === undefined ? 'text' : describeNode(node).replaceAll('"', '');
  const type = FIELD_TYPES.find((each) => each === text);
  if (type === undefined) {
    reader.complain(node, {
      found: `type is ${text}.`,
      wanted: `It must be one of ${FIELD_TYPES.join(', ')}.`,
    });
  }
  return type ?? 'text';
}

function readDecimal(reader: SpecReader, node: Node | undefined): boolean {
  const text = reader.text(node, 'decimal');
  if (text !== undefined && text !== 'comma' && text !== 'point') {
    reader.complain(node, { found: `decimal is ${text}.`, wanted: 'It must be comma or point.' });
  }
  return text === 'comma';
}
