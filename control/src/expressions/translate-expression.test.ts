import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveColumn } from '../pyspark/column-path.ts';
import { readSchema } from '../pyspark/schema-ddl.ts';
import { printType } from '../pyspark/spark-type.ts';
import { printColumn } from './column-code.ts';
import type { ExpressionScope } from './expression-piece.ts';
import { translateCondition, translateExpression } from './translate-expression.ts';

const reading = readSchema(
  'a DOUBLE, b DOUBLE, n BIGINT, i INT, f FLOAT, money DECIMAL(10, 2), name STRING, ok BOOLEAN, at TIMESTAMP, ' +
    'on DATE, list ARRAY<INT>, s STRUCT<x: INT, `odd name`: STRING>, order STRING',
);
const columns = 'columns' in reading ? reading.columns : [];
const scope: ExpressionScope = {
  findColumn: (parts) => {
    const found = resolveColumn(columns, parts);
    return found.found ? found.type : { rule: 'COLUMN_UNKNOWN', parameters: {} };
  },
  suggest: () => '',
};

function translate(text: string): string {
  const translation = translateExpression(text, scope);
  return 'problem' in translation
    ? `${translation.problem.rule} ${translation.problem.offset}`
    : `${printColumn(translation.code)} ${printType(translation.type)}`;
}

describe('an expression becomes PySpark:', () => {
  it.each([
    // Binding, from loose to tight
    ['a > 1 and b < 2 or not ok', '(F.col("a") > 1) & (F.col("b") < 2) | ~F.col("ok") BOOLEAN'],
    ['a > 1 and (b < 2 or ok)', '(F.col("a") > 1) & ((F.col("b") < 2) | F.col("ok")) BOOLEAN'],
    ['a - (b - a)', 'F.col("a") - (F.col("b") - F.col("a")) DOUBLE'],
    ['a - b - a', 'F.col("a") - F.col("b") - F.col("a") DOUBLE'],
    ['(a + b) * a', '(F.col("a") + F.col("b")) * F.col("a") DOUBLE'],
    ['-a * b', '-F.col("a") * F.col("b") DOUBLE'],
    ['- - a', 'F.col("a") DOUBLE'],
    ['not not ok', 'F.col("ok") BOOLEAN'],
    ['a + b > 1', 'F.col("a") + F.col("b") > 1 BOOLEAN'],
    ['(a > 1) = ok', '(F.col("a") > 1) == F.col("ok") BOOLEAN'],
    // Nothing fails and nothing wraps
    ['(a - b) / a * 100', 'F.try_divide(F.col("a") - F.col("b"), F.col("a")) * 100 DOUBLE'],
    ['n / 2', 'F.try_divide(F.col("n"), F.lit(2)) DOUBLE'],
    ['n + 1', 'F.try_add(F.col("n"), F.lit(1)) BIGINT'],
    ['n * i - 1', 'F.try_subtract(F.try_multiply(F.col("n"), F.col("i")), F.lit(1)) BIGINT'],
    ['money * 2', 'F.try_multiply(F.col("money"), F.lit(2)) DECIMAL(38, 2)'],
    ['n % i', 'F.when(F.col("i") != 0, F.col("n") % F.col("i")) BIGINT'],
    ['n % 60', 'F.col("n") % 60 BIGINT'],
    ['-n', 'F.try_subtract(F.lit(0), F.col("n")) BIGINT'],
    [
      'abs(n)',
      'F.when(F.col("n") >= 0, F.col("n")).otherwise(F.try_subtract(F.lit(0), F.col("n"))) BIGINT',
    ],
    ['f + 1', 'F.col("f").cast("double") + 1 DOUBLE'],
    ['to_date(name)', 'F.try_to_timestamp(F.col("name")).cast("date") DATE'],
    ['datediff(at, on)', 'F.datediff(F.col("at").cast("date"), F.col("on").cast("date")) INT'],
    // Literals
    ['n > 3000000000', 'F.col("n") > 3000000000 BOOLEAN'],
    ['9223372036854775807', 'F.lit(9223372036854775807) BIGINT'],
    ['a > -1.0', 'F.col("a") > -1.0 BOOLEAN'],
    ['a > 1e3', 'F.col("a") > 1000.0 BOOLEAN'],
    ["name = 'it''s \"\\ é'", 'F.col("name") == "it\'s \\"\\\\ \\xe9" BOOLEAN'],
    ['true', 'F.lit(True) BOOLEAN'],
    // Tests
    ['a is null', 'F.col("a").isNull() BOOLEAN'],
    ['list IS NOT NULL', 'F.col("list").isNotNull() BOOLEAN'],
    ["name in ('x', 'y')", 'F.col("name").isin("x", "y") BOOLEAN'],
    ['i not in (1, -2)', '~F.col("i").isin(1, -2) BOOLEAN'],
    ["name not like 'a\\%%'", '~F.col("name").like("a\\\\%%") BOOLEAN'],
    ['a between 1 and b', 'F.col("a").between(1, F.col("b")) BOOLEAN'],
    ['a not between 1 and 2 and ok', '~F.col("a").between(1, 2) & F.col("ok") BOOLEAN'],
    // Columns
    ['s.x', 'F.col("s.x") INT'],
    ['`s`.`odd name`', 'F.col("s.`odd name`") STRING'],
    ["order = 'x'", 'F.col("order") == "x" BOOLEAN'],
    // case and functions
    [
      "case when a > 1 then 'big' when ok then null else 'small' end",
      'F.when(F.col("a") > 1, "big").when(F.col("ok"), None).otherwise("small") STRING',
    ],
    ['case when ok then 1 end', 'F.when(F.col("ok"), 1) INT'],
    ['UPPER(trim(name))', 'F.upper(F.trim(F.col("name"))) STRING'],
    ["concat(name, '-', order)", 'F.concat(F.col("name"), F.lit("-"), F.col("order")) STRING'],
    ['substring(name, 1, 3)', 'F.substring(F.col("name"), 1, 3) STRING'],
    ['round(a, 2)', 'F.round(F.col("a"), 2) DOUBLE'],
    ['round(a)', 'F.round(F.col("a")) DOUBLE'],
    ['coalesce(n, i, 0)', 'F.coalesce(F.col("n"), F.col("i"), F.lit(0)) BIGINT'],
    ["starts_with(name, 'x')", 'F.col("name").startswith("x") BOOLEAN'],
    ['if(ok, a, 0)', 'F.when(F.col("ok"), F.col("a")).otherwise(0) DOUBLE'],
    ['nullif(n, 0)', 'F.when(F.col("n") == 0, None).otherwise(F.col("n")) BIGINT'],
    ['hour(at)', 'F.hour(F.col("at")) INT'],
  ])('%s', (text, python) => {
    expect(translate(text)).toBe(python);
  });

  it('in lines of less than 100 characters, broken at operators and parameters', () => {
    const text = `coalesce(${Array.from({ length: 12 }, () => 'a * b').join(', ')}) > 1 and ${'name is null or '.repeat(9)} ok`;
    const translation = translateExpression(text, scope);
    const python = 'code' in translation ? printColumn(translation.code, 8) : '';
    expect(python.split('\n').length).toBeGreaterThan(10);
    expect(Math.max(...python.split('\n').map((line) => line.length))).toBeLessThan(92);
  });
});

describe('an expression is refused, with its place:', () => {
  it.each([
    ['', 'EXPRESSION_SYNTAX 0'],
    ['a >', 'EXPRESSION_SYNTAX 3'],
    ['a > 1 b', 'EXPRESSION_SYNTAX 6'],
    ['a < b < a', 'EXPRESSION_SYNTAX 6'],
    ['a == 1', 'EXPRESSION_SYNTAX 2'],
    ['ok && ok', 'EXPRESSION_SYNTAX 3'],
    ['(a', 'EXPRESSION_SYNTAX 2'],
    ['a > "1"', 'EXPRESSION_SYNTAX 4'],
    ["name = 'x", 'EXPRESSION_SYNTAX 7'],
    ['a -- b', 'EXPRESSION_SYNTAX 2'],
    ['a /* b */ > 1', 'EXPRESSION_SYNTAX 2'],
    ['a; drop table x', 'EXPRESSION_SYNTAX 1'],
    ['a > (select max(b) from t)', 'EXPRESSION_SYNTAX 12'],
    ['exists (select 1)', 'EXPRESSION_SYNTAX 15'],
    ['a in (b)', 'EXPRESSION_SYNTAX 6'],
    ['a in ()', 'EXPRESSION_SYNTAX 6'],
    ["name like 'a\\b'", 'EXPRESSION_SYNTAX 10'],
    ['name like order', 'EXPRESSION_SYNTAX 10'],
    ['case when ok 1 end', 'EXPRESSION_SYNTAX 13'],
    ['a is 1', 'EXPRESSION_SYNTAX 5'],
    ['a not 1', 'EXPRESSION_SYNTAX 6'],
    ['cast(a as int)', 'EXPRESSION_SYNTAX 7'],
    ['`a', 'EXPRESSION_SYNTAX 0'],
    ['a.', 'EXPRESSION_SYNTAX 2'],
    ['12abc', 'EXPRESSION_SYNTAX 0'],
    ["reflect('java.lang.System', 'exit', 1)", 'EXPRESSION_FUNCTION 0'],
    ["1 + java_method('x')", 'EXPRESSION_FUNCTION 4'],
    ['rand()', 'EXPRESSION_FUNCTION 0'],
    ['constructor(a)', 'EXPRESSION_FUNCTION 0'],
    ['round(a, b)', 'EXPRESSION_TYPE 9'],
    ['round()', 'EXPRESSION_PARAMETERS 0'],
    ['upper(name, name)', 'EXPRESSION_PARAMETERS 0'],
    ['upper(a)', 'EXPRESSION_TYPE 6'],
    ['nothing > 1', 'COLUMN_UNKNOWN 0'],
    ['a > name', 'EXPRESSION_TYPE 2'],
    ["n = '1'", 'EXPRESSION_TYPE 2'],
    ['a = null', 'EXPRESSION_TYPE 4'],
    ['a and ok', 'EXPRESSION_TYPE 0'],
    ['ok or 1', 'EXPRESSION_TYPE 6'],
    ['not a', 'EXPRESSION_TYPE 4'],
    ['name + 1', 'EXPRESSION_TYPE 0'],
    ['list = list', 'EXPRESSION_TYPE 5'],
    ['coalesce(a, name)', 'EXPRESSION_TYPE 0'],
    ['null', 'EXPRESSION_TYPE 0'],
    ['9223372036854775808', 'EXPRESSION_NUMBER 0'],
    ['0.12345678901234567890', 'EXPRESSION_NUMBER 0'],
    ['1e999', 'EXPRESSION_NUMBER 0'],
    ['a > `b\u0001`', 'COLUMN_NAME 4'],
    [`${'('.repeat(10_000)}a`, 'EXPRESSION_TOO_LARGE 40'],
    [`${'a + '.repeat(500)}a`, 'EXPRESSION_TOO_LARGE 162'],
    [`${'n % ('.repeat(12)}n${')'.repeat(12)}`, 'EXPRESSION_TOO_LARGE 17'],
    [`a in (${'1, '.repeat(300)}1)`, 'EXPRESSION_TOO_LARGE 5'],
  ])('%s', (text, refusal) => {
    expect(translate(text)).toBe(refusal);
  });

  it('as a condition when it is no test', () => {
    expect(translateCondition('a + 1', scope)).toMatchObject({
      problem: { rule: 'EXPRESSION_TYPE', offset: 0 },
    });
  });
});

describe('an expression never throws', () => {
  const word = fc.constantFrom(
    ...'a b n i name ok at list s . s.x ( ) ( ) + - * / % = != < >= , and or not is null in like between'.split(
      ' ',
    ),
    ...'case when then else end true 1 2.5 1e3 abs( round( coalesce( if( nullif( `a` -- /* $ { } é 😀'.split(
      ' ',
    ),
    "'x'",
    "'",
    '"',
    '`',
    '\\',
    '\ud800',
  );

  it('made of its own words in any order', () => {
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
    let good = 0;
    fc.assert(
      fc.property(text, (given) => {
        good += 'code' in translateExpression(given, scope) ? 1 : 0;
      }),
      { numRuns: 5000 },
    );
    expect(good).toBeGreaterThan(10);
  });

  it('made of any characters', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, (given) => void translateExpression(given, scope)),
      { numRuns: 5000 },
    );
  });
});
