import type { LineCounter, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar } from 'yaml';
import type { ErrorCode, ErrorParameters } from '../errors/catalogue.ts';
import { quoteValue } from '../errors/quote-value.ts';
import type { ScalarText } from './scalar-offset.ts';
import { type PlaceRecord, pointerOf, type SpecPath } from './spec-places.ts';

/** Something a reader of nodes has to say, at an offset of the source. */
export interface NodeProblem {
  readonly rule: ErrorCode;
  readonly parameters: ErrorParameters;
  readonly path: SpecPath;
  readonly offset: number;
}

export interface NodeReading {
  readonly value: unknown;
  readonly records: ReadonlyMap<string, PlaceRecord>;
  readonly problems: readonly NodeProblem[];
}

interface Reader {
  readonly lines: LineCounter;
  readonly records: Map<string, PlaceRecord>;
  readonly problems: NodeProblem[];
}

/** Turns nodes into plain data, noting where each part stands. Recursive: the nesting was limited before. */
export function readNodes(root: ParsedNode | null, lines: LineCounter): NodeReading {
  const reader: Reader = { lines, records: new Map(), problems: [] };
  const value = readNode(reader, root, { path: [] });
  return { value, records: reader.records, problems: reader.problems };
}

interface NodePlace {
  readonly path: SpecPath;
  /** Offset of the field's name; absent for list items. */
  readonly key?: number;
}

function readNode(reader: Reader, node: ParsedNode | null, { path, key }: NodePlace): unknown {
  const offset = node?.range[0] ?? key ?? 0;
  const record = { key: key ?? offset, value: offset };
  reader.records.set(pointerOf(path), record);
  checkDecoration(reader, node, path);
  if (isMap(node)) {
    return readMap(reader, node as YAMLMap.Parsed, path);
  }
  if (isSeq(node)) {
    return readSeq(reader, node as YAMLSeq.Parsed, path);
  }
  return isScalar(node) ? readScalar(reader, node as Scalar.Parsed, { path, record }) : null;
}

function checkDecoration(reader: Reader, node: ParsedNode | null, path: SpecPath): void {
  if (node === null) {
    return;
  }
  const anchor = isAlias(node) ? `*${node.source}` : node.anchor && `&${node.anchor}`;
  if (anchor) {
    const parameters = { name: quoteValue(anchor) };
    reader.problems.push({ rule: 'SPEC_ALIAS', parameters, path, offset: node.range[0] });
  }
  if (!isAlias(node) && node.tag !== undefined) {
    const parameters = { name: quoteValue(node.tag) };
    reader.problems.push({ rule: 'SPEC_TAG', parameters, path, offset: node.range[0] });
  }
}

function readMap(reader: Reader, map: YAMLMap.Parsed, path: SpecPath): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const seen = new Map<string, number>();
  for (const pair of map.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const name = readKey(reader, pair.key, path);
    const offset = pair.key?.range?.[0] ?? map.range[0];
    if (name === undefined) {
      continue;
    }
    const first = seen.get(name);
    if (first !== undefined) {
      const parameters = { name: quoteValue(name), line: reader.lines.linePos(first).line };
      const at = { path: [...path, name], offset };
      reader.problems.push({ rule: 'SPEC_DUPLICATE_KEY', parameters, ...at });
      continue;
    }
    seen.set(name, offset);
    value[name] = readNode(reader, pair.value, { path: [...path, name], key: offset });
  }
  return value;
}

/** Refuses names that are no text, and the one that would set an object's prototype. */
function readKey(reader: Reader, key: ParsedNode | null, path: SpecPath): string | undefined {
  const name = isScalar(key) ? (key as Scalar).value : undefined;
  if (typeof name === 'string' && name !== '__proto__') {
    checkDecoration(reader, key, path);
    return name;
  }
  const shown = isScalar(key) ? quoteValue(name) : 'that is a list or mapping';
  const offset = key?.range?.[0] ?? 0;
  reader.problems.push({ rule: 'SPEC_KEY', parameters: { name: shown }, path, offset });
  return undefined;
}

function readSeq(reader: Reader, seq: YAMLSeq.Parsed, path: SpecPath): readonly unknown[] {
  return (seq.items as (ParsedNode | null)[]).map((item, index) =>
    readNode(reader, item, { path: [...path, index] }),
  );
}

function readScalar(
  reader: Reader,
  node: Scalar.Parsed,
  { path, record }: { readonly path: SpecPath; readonly record: PlaceRecord },
): unknown {
  const { value } = node;
  if (typeof value === 'string') {
    const scalar = { style: styleOf(node), value };
    reader.records.set(pointerOf(path), { ...record, scalar });
    return value;
  }
  if (typeof value === 'number' && !isExact(value)) {
    const parameters = { value: quoteValue(node.source ?? String(value)) };
    reader.problems.push({ rule: 'SPEC_NUMBER', parameters, path, offset: node.range[0] });
  }
  return value;
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function styleOf(node: Scalar.Parsed): ScalarText['style'] {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return 'block';
    default:
      return 'plain';
  }
}
