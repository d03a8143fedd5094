import { Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import { layOutCall } from '../../pyspark/code-block.ts';
import { parseColumnPath } from '../../pyspark/column-path.ts';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { type Column, plainType } from '../../pyspark/spark-type.ts';
import { type ColumnFound, findColumn, shortType } from '../column-problems.ts';
import { defineTransform, type KindProblem } from '../define-kind.ts';
import { columnField } from '../field.ts';
import { findFormatProblem } from '../time-format.ts';

const schema = Type.Object(
  {
    columns: Type.Array(columnField('A column of texts, not a field inside one.'), {
      description: 'The columns of texts that become times.',
      minItems: 1,
      maxItems: 200,
      uniqueItems: true,
    }),
    format: Type.String({
      description:
        "How the times are written: yyyy MM dd HH mm ss S (fractions) X (zone), words in '...'. Times without a " +
        'zone are UTC.',
      minLength: 1,
      maxLength: 200,
      examples: ["yyyy-MM-dd'T'HH:mm:ss.SSSX"],
    }),
  },
  { additionalProperties: false },
);

export default defineTransform({
  name: 'to-timestamp',
  summary:
    'Makes times of texts, in their place. A text that is no time in that format becomes null.',
  schema,
  examples: [
    {
      config: { columns: ['ath_date', 'last_updated'], format: "yyyy-MM-dd'T'HH:mm:ss.SSSX" },
      input: 'ath_date STRING, last_updated STRING',
    },
  ],
  check: ({ columns: names, format }, input) => {
    const problems: KindProblem[] = [];
    const found = names.map((name, index) => findText(input, name, index));
    problems.push(...found.flatMap((each) => ('problem' in each ? [each.problem] : [])));
    problems.push(...checkFormat(format));
    const columns = input.map((column) =>
      found.some((each) => 'name' in each && each.name === column.name)
        ? { ...column, type: plainType('TIMESTAMP') }
        : column,
    );
    return problems.length > 0 ? { problems } : { columns };
  },
  emit: ({ columns: names, format }) => {
    const listed = names.map((name) => pythonLiteral(parseColumnPath(name)?.[0] ?? ''));
    const list = layOutCall('for name in [', listed, { close: ']:', levels: 1 });
    const parsed = `F.try_to_timestamp(F.col(f"\`{name}\`"), F.lit(${pythonLiteral(format)}))`;
    return {
      statements: [
        `# to-timestamp: null where a text is no time\n${list}\n    ` +
          layOutCall('rows = rows.withColumn(', ['name', parsed], { levels: 2 }).replaceAll(
            '\n',
            '\n    ',
          ),
      ],
      session: [correctedParser],
    };
  },
});

function findText(input: readonly Column[], text: string, index: number): ColumnFound {
  const path = ['columns', index];
  const found = findColumn(input, text, path);
  if ('problem' in found) {
    return found;
  }
  const isNested = parseColumnPath(text)?.length !== 1;
  if (!isNested && found.type.kind === 'plain' && found.type.name === 'STRING') {
    return found;
  }
  const parameters = {
    name: quoteText(text),
    type: isNested ? 'a field inside another column' : shortType(found.type),
    wanted: 'texts (STRING) in columns of their own',
    next: isNested ? 'Take it out by a `select` before.' : 'Leave it out of the list.',
  };
  return { problem: { rule: 'COLUMN_TYPE', parameters, path } };
}

function checkFormat(format: string): readonly KindProblem[] {
  const problem = findFormatProblem(format);
  return problem === undefined
    ? []
    : [
        {
          rule: 'TIME_FORMAT',
          parameters: { found: quoteText(problem.found) },
          path: ['format'],
          offset: problem.offset,
        },
      ];
}

const correctedParser = `\
# Spark 3.5 would otherwise end the query at a text that only Spark 2 took for a time.
.config("spark.sql.legacy.timeParserPolicy", "CORRECTED")`;
