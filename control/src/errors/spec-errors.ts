// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these sentences show how a reference to the environment is written.
import { defineErrors, type ErrorEntry } from './error-entry.ts';

/** An entry for something wrong in a spec text: HTTP 422, exit 2. */
function wrongSpec(found: string, wanted: string, next: string): ErrorEntry {
  return Object.freeze({ status: 422, exit: 2, found, wanted, next });
}

export const specErrors = defineErrors({
  // The text itself
  SPEC_TOO_LARGE: wrongSpec(
    'The spec is larger than {limit} KiB.',
    'A spec is one short file for one pipeline.',
    'Check that this is the right file; split it if it holds several pipelines.',
  ),
  SPEC_NOT_UTF8: wrongSpec(
    'The spec holds a byte sequence that is not UTF-8.',
    'A spec must be UTF-8 text.',
    'Save the file as UTF-8 without other encodings inside.',
  ),
  SPEC_NOT_YAML: wrongSpec(
    'This is not YAML: {problem}.',
    'A spec must be one YAML or JSON document.',
    'Correct the text here; `sluice schema` lets your editor check it while you type.',
  ),
  SPEC_EMPTY: wrongSpec(
    'The spec is empty.',
    'It must be a mapping that starts with `pipeline: <name>`.',
    'Copy spark-jobs/specs/device-events.yaml and change it.',
  ),
  SPEC_TOO_DEEP: wrongSpec(
    'The spec is nested deeper than {limit} levels here.',
    'No field of a spec needs so many levels.',
    'Look for brackets that are never closed or a file that is not a spec.',
  ),
  SPEC_TOO_LONG: wrongSpec(
    'The spec has more than {limit} words and marks up to here.',
    'A spec is one short file for one pipeline.',
    'Check that this is the right file.',
  ),
  SPEC_SEVERAL_DOCUMENTS: wrongSpec(
    'A second document starts here.',
    'One file holds one pipeline, so one document.',
    'Put each pipeline into a file of its own.',
  ),
  SPEC_ALIAS: wrongSpec(
    'The spec uses the anchor or alias {name}.',
    'Anchors and aliases are not used in specs, because they hide what a field really says.',
    'Write the value out where it is needed.',
  ),
  SPEC_TAG: wrongSpec(
    'The spec uses the YAML tag or directive {name}.',
    'Only plain text, numbers, true, false, lists and mappings are used in specs.',
    'Remove it.',
  ),
  SPEC_DUPLICATE_KEY: wrongSpec(
    'The field {name} is given twice; the first one is in line {line}.',
    'Each field may be given once.',
    'Remove one of the two.',
  ),
  SPEC_KEY: wrongSpec(
    'The field name {name} cannot be used.',
    'Field names are plain words.',
    'Correct the name or remove the field.',
  ),
  SPEC_NUMBER: wrongSpec(
    'The number {value} cannot be kept exactly.',
    'Numbers must be finite, and whole ones within 9007199254740991 either way.',
    'Write a smaller number, or put it in quotes if it is a text.',
  ),
  SPEC_CHARACTER: wrongSpec(
    '{field} holds the character {character}.',
    'Control characters and halves of surrogate pairs can be kept neither by Kafka nor by Spark.',
    'Remove the character.',
  ),

  // Structure
  FIELD_UNKNOWN: wrongSpec(
    '{place} has no field {name}.',
    'Its fields are: {fields}.',
    '{suggestion}',
  ),
  FIELD_MISSING: wrongSpec(
    '{place} lacks the field {name}.',
    '{name} must be given: {about}',
    'Add `{name}: ...` here.',
  ),
  FIELD_TYPE: wrongSpec('{field} is {found}.', 'It must be {wanted}.', 'Change it to {wanted}.'),
  FIELD_VALUE: wrongSpec('{field} is {found}.', 'It must be {wanted}.', 'Change it to {wanted}.'),
  KIND_UNKNOWN: wrongSpec(
    'There is no {role} kind {name}.',
    'The {role} kinds are: {kinds}.',
    '{suggestion}',
  ),
  KIND_COUNT: wrongSpec(
    '{place} names {count} kinds.',
    'It must name exactly one, as in `{example}`.',
    'Keep one of: {kinds}.',
  ),

  // Names, durations, references
  PIPELINE_NAME: wrongSpec(
    'The pipeline name is {name}.',
    'It must start with a small letter and hold only small letters, digits and hyphens, at most 63.',
    'Name it like `device-events`.',
  ),
  TOPIC_NAME: wrongSpec(
    'The topic is {name}.',
    'Kafka takes 1 to 249 letters, digits, dots, hyphens and underscores, and neither `.` nor `..`.',
    'Name a topic like `device-data-3`.',
  ),
  SERVERS: wrongSpec(
    'The server list is {value}.',
    'It must be host:port, several joined by commas, each port from 1 to 65535.',
    'Write it like `broker-1:9092,broker-2:9092`.',
  ),
  DURATION: wrongSpec(
    '{field} is {value}.',
    'It must be a whole number and a unit (milliseconds, seconds, minutes, hours), from {least} to {most}.',
    'Write it like `10 seconds` or `500 milliseconds`.',
  ),
  ENVIRONMENT_NOT_ALLOWED: wrongSpec(
    '{field} holds an environment reference.',
    'Only these fields may read the environment: {fields}.',
    'Write the value itself here.',
  ),
  ENVIRONMENT_SYNTAX: wrongSpec(
    '{field} holds a dollar sign and a bracket that are not a whole reference.',
    'A reference is the whole value: ${NAME} or ${NAME:-default}, NAME of capitals, digits and underscores.',
    'Write it like ${KAFKA_SERVERS:-localhost:9092}.',
  ),
  ENVIRONMENT_UNSET: wrongSpec(
    'The environment variable {name} is not set and has no default.',
    'The job needs it when it starts.',
    'Set {name} before the start or give a default: ${{name}:-value}.',
  ),

  // Paths
  PATH_OUTSIDE: wrongSpec(
    '{field} is {path}, which lies outside the allowed folders.',
    'It must lie below one of: {roots}.',
    'Use a path such as `data/{example}`.',
  ),
  PATH_CHARACTERS: wrongSpec(
    '{field} is {path}, which holds {what}.',
    'A path is plain folder and file names joined by `/`.',
    'Use a path such as `data/{example}`.',
  ),
  PATH_REMOTE: wrongSpec(
    '{field} is {path}, an address of another store.',
    'A path is local, or an address in a bucket of S3.',
    'Use a path such as `data/{example}` or `s3://bucket/{example}`.',
  ),
  PATH_BUCKET: wrongSpec(
    '{field} is {path}, which has {problem}.',
    'It must be `s3://`, the name of a bucket, `/` and names joined by one `/` each.',
    'Use an address such as `s3://bucket/{example}`.',
  ),
  PATH_COLLISION: wrongSpec(
    '{field} is {path}, which is the same as, or lies inside or around, {other}.',
    'Spark and the merger each need a place of their own.',
    'Give it another path, such as `{example}`.',
  ),

  // Schema text, columns and the way of the data
  SCHEMA_SYNTAX: wrongSpec(
    'The schema has {found} here.',
    'It must be {wanted}.',
    'Write it like `id STRING, tags ARRAY<STRING>, place STRUCT<x: DOUBLE, y: DOUBLE>`.',
  ),
  SCHEMA_DUPLICATE: wrongSpec(
    'The schema has the field {name} twice on one level.',
    'Spark does not tell capitals from small letters, so field names of one level must differ otherwise.',
    'Rename or remove one of them.',
  ),
  SCHEMA_MAP_KEY: wrongSpec(
    'The schema has a map whose keys are {type}.',
    'Keys of a JSON object are text, so the key type must be STRING.',
    'Write MAP<STRING, ...> and convert later.',
  ),
  COLUMN_PATH: wrongSpec(
    'The column is written {path}.',
    'A column path is names joined by dots; a name with other characters stands in backticks.',
    'Write it like data.devices or data.`odd name`.',
  ),
  COLUMN_UNKNOWN: wrongSpec(
    'There is no column {name} {where}.',
    'There are: {columns}.',
    '{suggestion}',
  ),
  COLUMN_NOT_NESTED: wrongSpec(
    'The column {name} is {type}, so it has no field {field}.',
    'Only a STRUCT, an ARRAY of them or a MAP has fields.',
    'Leave out `.{field}` or correct the schema.',
  ),
  COLUMN_DUPLICATE: wrongSpec(
    'The column name {name} is taken.',
    'Spark does not tell capitals from small letters, so column names must differ otherwise.',
    'Give one of them another name with `as`.',
  ),
  COLUMN_NAME: wrongSpec(
    'The column name {name} cannot be used.',
    'A column name is 1 to 255 characters without backticks, line breaks and other control characters.',
    'Choose a plain name like `device`.',
  ),
  EXPLODE_NOT_ARRAY: wrongSpec(
    'The column {name} is {type}.',
    'Only an ARRAY can be exploded into rows.',
    'Name an array column, or leave this step out.',
  ),
  CSV_COLUMN_TYPE: wrongSpec(
    'The column {name} is {type}, which has no CSV form.',
    'Each column of a CSV file must hold one plain value.',
    'Add a `select` that takes single fields ({example}), or an `explode` for a list.',
  ),
  COLUMN_TYPE: wrongSpec(
    'The column {name} is {type}.',
    'This step takes only {wanted}.',
    '{next}',
  ),
  TIME_FORMAT: wrongSpec(
    'The format has {found} here.',
    "It is made of yyyy MM dd HH hh mm ss S (1 to 9) a X x, of marks, and of words in '...'.",
    "Write it like yyyy-MM-dd'T'HH:mm:ss.SSSX.",
  ),

  // Expressions
  EXPRESSION_SYNTAX: wrongSpec(
    'The expression has {found} here.',
    'It must be {wanted}.',
    'Write it like `price > 10 and name is not null`; docs/spec.md shows all that an expression may hold.',
  ),
  EXPRESSION_FUNCTION: wrongSpec(
    'There is no function {name}.',
    'The functions are: {functions}.',
    '{suggestion}',
  ),
  EXPRESSION_PARAMETERS: wrongSpec(
    'The function {name} is given {count} parameters.',
    'It takes {wanted}.',
    'Add or remove some; docs/spec.md lists all functions.',
  ),
  EXPRESSION_TYPE: wrongSpec(
    '{what}: {type}.',
    'Wanted is {wanted}.',
    'Correct it here, or convert the column in a step before.',
  ),
  EXPRESSION_NUMBER: wrongSpec(
    'The number {value} cannot be kept exactly.',
    'Whole numbers reach to 9223372036854775807, others have at most 17 digits that count.',
    'Write a shorter number.',
  ),
  EXPRESSION_TOO_LARGE: wrongSpec(
    'The expression has more than {limit}.',
    'Spark reads and plans expressions recursively.',
    'Compute parts of it as columns in steps before.',
  ),

  DECODE_MISSING: wrongSpec(
    'There is no `decode`, but the source {source} gives raw bytes.',
    'Something must say how to read them.',
    'Add `decode: {"json": {"schema": "..."}}` after the source.',
  ),
  DECODE_NOT_WANTED: wrongSpec(
    'There is a `decode`, but the source {source} already gives columns.',
    'Only sources that give raw bytes are decoded.',
    'Remove `decode`.',
  ),
  MERGE_NOT_POSSIBLE: wrongSpec(
    'There is a `{clause}`, but the sink {sink} keeps no files.',
    'Only parts of a csv sink can be merged.',
    'Remove `{clause}` or use the csv sink.',
  ),
  DEAD_LETTERS_NOT_POSSIBLE: wrongSpec(
    'There is a `dead-letters`, but nothing is decoded.',
    'Dead letters are events that could not be decoded.',
    'Remove `dead-letters`.',
  ),
  FINDINGS_MORE: wrongSpec(
    'There are {count} more findings.',
    'Only the first {limit} are shown.',
    'Correct those above and check again.',
  ),

  SPEC_INVALID: wrongSpec(
    'The spec {file} has {count} findings; the first: {first}',
    'A spec must have no errors before anything is made of it.',
    'Run `sluice lint {file}` and correct what it says.',
  ),

  // The registry of kinds itself
  KIND_FILE: {
    status: 500,
    exit: 1,
    found: 'The kind file {file} {problem}.',
    wanted: 'It must export by default the {role} kind {name}.',
    next: 'Correct {file}; CONTRIBUTING.md says how a kind is added.',
  },
  LITERAL: {
    status: 500,
    exit: 1,
    found: 'The value {value} has no Python literal.',
    wanted: 'Only text, finite numbers, true, false and lists of them are printed.',
    next: 'Report this: lint should have refused the spec.',
  },
});
