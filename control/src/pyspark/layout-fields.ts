import { indent } from './code-block.ts';
import { type Column, printType, quoteName, type SparkType } from './spark-type.ts';

/** Spark DDL of a struct's fields over several lines, one field a line, structs inside indented. */
export function layOutFields(fields: readonly Column[]): string {
  return fields.map(({ name, type }) => `${quoteName(name)}: ${layOutType(type)}`).join(',\n');
}

function layOutType(type: SparkType): string {
  switch (type.kind) {
    case 'struct':
      return `STRUCT<\n${indent(layOutFields(type.fields))}\n>`;
    case 'array':
      return `ARRAY<${layOutType(type.element)}>`;
    case 'map':
      return `MAP<${layOutType(type.key)}, ${layOutType(type.value)}>`;
    default:
      return printType(type);
  }
}
