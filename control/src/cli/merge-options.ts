import { type Command, Option } from 'commander';
import type { MergeOptions } from '../merge/merge-settings.ts';

/** What the command line says about a merged file, as commander gives it. */
export interface MergeArguments {
  readonly header?: 'present' | 'absent' | 'auto';
  readonly columns?: string;
  readonly only?: Readonly<Record<string, string>>;
  readonly partitionColumns?: string;
  readonly format?: 'csv' | 'lines';
  readonly delimiter?: string;
  readonly escape?: 'double' | 'backslash';
  readonly json?: boolean;
}

/** The options that merge and verify share. */
export function addMergeOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--header <mode>',
        'whether parts begin with a header; auto (the default) refuses when unsure',
      ).choices(['present', 'absent', 'auto']),
    )
    .option('--columns <names>', 'header of the merged file when parts have none, by commas')
    .option('--only <column=value>', 'take only this partition; may be repeated', collect)
    .option('--partition-columns <names>', 'add the values of these partition folders to each row')
    .addOption(new Option('--format <format>', 'of the parts').choices(['csv', 'lines']))
    .option('--delimiter <character>', 'between fields; a comma when not given')
    .addOption(
      new Option(
        '--escape <way>',
        'of a quote inside quotes: double (RFC 4180, the default), or backslash (Spark, when not told otherwise)',
      ).choices(['double', 'backslash']),
    )
    .option('--json', 'print the result as JSON');
}

/** Arguments as the merge wants them; absent ones stay absent. */
export function readMergeOptions(
  directory: string,
  into: string,
  { header, columns, only, partitionColumns, format, ...dialect }: MergeArguments,
): MergeOptions {
  const { delimiter, escape: way } = dialect;
  return {
    directory,
    into,
    ...(header ? { header } : {}),
    ...(columns === undefined ? {} : { columns: columns.split(',') }),
    ...(only ? { only } : {}),
    ...(partitionColumns ? { partitionColumns: partitionColumns.split(',') } : {}),
    ...(format ? { format } : {}),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(way ? { escape: way } : {}),
  };
}

function collect(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [column = '', ...value] = text.split('=');
  return { ...before, [column]: value.join('=') };
}
