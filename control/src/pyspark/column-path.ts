import { type Column, quoteName, type SparkType } from './spark-type.ts';

/** The parts of a column path: `data.devices` has two, `` `a.b`.c `` also. Undefined when it is none. */
export function parseColumnPath(text: string): readonly string[] | undefined {
  const parts: string[] = [];
  const part = /(?:`((?:[^`]|``)+)`|([^.`\s]+))(\.|$)/y;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) {
      return undefined;
    }
    parts.push(match[1]?.replaceAll('``', '`') ?? match[2] ?? '');
    if (match[3] === '') {
      return parts;
    }
  }
  return undefined;
}

/** A path as Spark reads it, each part in backticks only when needed. */
export function printColumnPath(parts: readonly string[]): string {
  return parts.map(quoteName).join('.');
}

/** What a path leads to, or how far it came: `at` counts the parts that were found. */
export type Resolution =
  | { readonly found: true; readonly type: SparkType }
  | {
      readonly found: false;
      readonly at: number;
      /** The type that has no fields; absent when the name is just not there. */
      readonly dead?: SparkType;
      readonly candidates: readonly string[];
    };

/**
 * Follows a path through columns as Spark does: into structs, into structs inside arrays (which gives an
 * array), into maps with text keys. Names must match exactly, although Spark would take other capitals.
 */
export function resolveColumn(columns: readonly Column[], parts: readonly string[]): Resolution {
  let type: SparkType = { kind: 'struct', fields: columns };
  for (const [at, part] of parts.entries()) {
    const inner = fieldOf(type, part);
    if (inner === undefined) {
      const fields = fieldsOf(type);
      return fields === undefined
        ? { found: false, at, dead: type, candidates: [] }
        : { found: false, at, candidates: fields.map((field) => field.name) };
    }
    type = inner;
  }
  return { found: true, type };
}

function fieldOf(type: SparkType, name: string): SparkType | undefined {
  if (type.kind === 'map' && type.key.kind === 'plain' && type.key.name === 'STRING') {
    return type.value;
  }
  const field = fieldsOf(type)?.find((candidate) => candidate.name === name);
  if (field === undefined || type.kind !== 'array') {
    return field?.type;
  }
  return { kind: 'array', element: field.type };
}

function fieldsOf(type: SparkType): readonly Column[] | undefined {
  if (type.kind === 'struct') {
    return type.fields;
  }
  return type.kind === 'array' && type.element.kind === 'struct' ? type.element.fields : undefined;
}
