import { type Static, Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import { indent, layOutCall } from '../../pyspark/code-block.ts';
import { parseColumnPath, printColumnPath } from '../../pyspark/column-path.ts';
import { layOutFields } from '../../pyspark/layout-fields.ts';
import { pythonLiteral, textInTripleQuotes } from '../../pyspark/python-literal.ts';
import { readSchema } from '../../pyspark/schema-ddl.ts';
import type { Column, SparkType } from '../../pyspark/spark-type.ts';
import { checkNewName, findColumn, shortType } from '../column-problems.ts';
import { type ColumnsAfter, defineDecoder, type KindProblem } from '../define-kind.ts';
import { columnField } from '../field.ts';
import { emitDecode } from '../json-decode-code.ts';

const schema = Type.Object(
  {
    schema: Type.String({
      description:
        'The fields of one event as Spark DDL, such as `id STRING, tags ARRAY<STRING>`. Other fields of an ' +
        'event are ignored; one whose value does not fit makes the event a dead letter.',
      minLength: 1,
    }),
    required: Type.Optional(
      Type.Array(columnField('A field of the schema.'), {
        description: 'Fields without which an event is a dead letter.',
        default: [],
        maxItems: 200,
        uniqueItems: true,
      }),
    ),
    'max-bytes': Type.Optional(
      Type.Integer({
        description: 'Events larger than this are dead letters.',
        minimum: 1,
        maximum: 100 * 1024 * 1024,
        default: 1024 * 1024,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

function check(config: Config): ColumnsAfter {
  const reading = readSchema(config.schema);
  if ('problem' in reading) {
    const { rule, offset, found, wanted } = reading.problem;
    const parameters = { found, wanted, name: quoteText(found) };
    return { problems: [{ rule, parameters, path: ['schema'], offset }] };
  }
  const { columns } = reading;
  const problems = [
    ...columns.flatMap((column) => checkNewName(column.name, [], ['schema'])),
    ...columns.flatMap((column) => checkMapKeys(column.type)),
    ...(config.required ?? []).flatMap((field, index) => checkRequired(columns, field, index)),
  ];
  return { columns, problems };
}

function checkRequired(
  columns: readonly Column[],
  field: string,
  index: number,
): readonly KindProblem[] {
  const found = findColumn(columns, field, ['required', index]);
  return 'problem' in found ? [found.problem] : [];
}

/** Spark refuses other keys only when the query starts. */
function checkMapKeys(type: SparkType): readonly KindProblem[] {
  switch (type.kind) {
    case 'array':
      return checkMapKeys(type.element);
    case 'struct':
      return type.fields.flatMap((field) => checkMapKeys(field.type));
    case 'map': {
      const isText = type.key.kind === 'plain' && type.key.name === 'STRING';
      const parameters = { type: shortType(type.key) };
      const own: KindProblem = { rule: 'SCHEMA_MAP_KEY', parameters, path: ['schema'] };
      return [...(isText ? [] : [own]), ...checkMapKeys(type.value)];
    }
    default:
      return [];
  }
}

export default defineDecoder({
  name: 'json',
  summary:
    'Reads each event as one JSON object with declared fields. What cannot be read becomes a dead letter ' +
    'with the reason; nothing is dropped.',
  schema,
  examples: [
    { config: { schema: 'id STRING, at TIMESTAMP, tags ARRAY<STRING>', required: ['id'] } },
    { config: { schema: 'reading STRUCT<sensor: STRING, value: DOUBLE>', 'max-bytes': 65_536 } },
  ],
  check,
  emit: (config) => ({
    imports: ['import secrets'],
    constants: emitConstants(config),
    functions: emitDecode((config.required ?? []).length > 0),
  }),
});

function emitConstants(config: Config): readonly string[] {
  const reading = readSchema(config.schema);
  const fields = 'columns' in reading ? layOutFields(reading.columns) : '';
  const required = (config.required ?? []).map((field) =>
    pythonLiteral(printColumnPath(parseColumnPath(field) ?? [])),
  );
  const lines = [
    '# The fields of one event. What does not fit them becomes a dead letter, never a row of nulls.',
    `EVENT_FIELDS = """\n${textInTripleQuotes(indent(fields))}\n"""`,
    ...(required.length === 0 ? [] : [layOutCall('REQUIRED_FIELDS = [', required, { close: ']' })]),
    `MAX_EVENT_BYTES = ${pythonLiteral(config['max-bytes'] ?? 1024 * 1024)}`,
  ];
  return [lines.join('\n')];
}
