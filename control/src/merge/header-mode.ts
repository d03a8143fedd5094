import { parse } from 'csv-parse/sync';
import { SluiceError } from '../errors/sluice-error.ts';
import type { CommittedPart } from './committed-parts.ts';
import type { FilePort } from './file-port.ts';
import { HeaderTaker, withoutEnding } from './header-taker.ts';
import type { MergeSettings, WantedSettings } from './merge-settings.ts';
import { readParts } from './part-source.ts';
import { isPartFault } from './quarantine.ts';
import type { RecordDialect } from './record-dialect.ts';
import { RecordScanner } from './record-scanner.ts';

/** How many parts, and how much of each, are looked at. */
const sampledParts = 16;
const sampleBytes = 256 * 1024;

/** An output folder and its committed parts. */
export interface CommittedOutput {
  readonly directory: string;
  readonly parts: readonly CommittedPart[];
}

/**
 * Settles `auto`. Present: two parts or more begin with the same record, its fields are different names, and no
 * other record of the sample equals it. Absent: every part begins with a record that cannot be a header. Otherwise
 * MERGE_HEADER_UNSURE, because a wrong guess loses or invents rows.
 */
export async function settleHeader(
  port: FilePort,
  { directory, parts }: CommittedOutput,
  wanted: WantedSettings,
): Promise<MergeSettings> {
  const { header } = wanted;
  if (header !== 'auto') return { ...wanted, header };
  const filled = parts.filter((part) => part.size > 0).slice(0, sampledParts);
  const samples: PartSample[] = [];
  for (const part of filled) {
    const sample = await samplePart(port, part, wanted).catch(leaveOut);
    if (sample !== undefined) samples.push(sample);
  }
  const judgement = judge(samples, wanted);
  if (judgement !== 'present' && judgement !== 'absent') {
    throw new SluiceError('MERGE_HEADER_UNSURE', { directory, problem: judgement });
  }
  if (judgement === 'present' && wanted.columns !== null) {
    throw new SluiceError('MERGE_COLUMNS_USELESS', { problem: 'every part has a header' });
  }
  return { ...wanted, header: judgement };
}

/** A part that cannot be trusted is not asked; the merge puts it into quarantine. */
function leaveOut(error: unknown): undefined {
  if (!isPartFault(error)) throw error;
}

interface PartSample {
  /** First record of the part, without its line ending. */
  readonly first: Buffer;
  /** True when the sample holds the first record once more. */
  readonly again: boolean;
}

async function samplePart(
  port: FilePort,
  part: CommittedPart,
  dialect: RecordDialect,
): Promise<PartSample> {
  const taker = new HeaderTaker(part.relativePath, dialect);
  const rest = taker.take(await readSample(port, part));
  taker.finish();
  const first = withoutEnding(taker.header ?? Buffer.alloc(0));
  return { first, again: holdsRecord(rest, first, dialect) };
}

async function readSample(port: FilePort, part: CommittedPart): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const source of readParts(port, [part], sampleBytes)) {
    for await (const chunk of source.chunks()) {
      pieces.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= sampleBytes) break;
    }
  }
  return Buffer.concat(pieces);
}

function holdsRecord(bytes: Buffer, wanted: Buffer, dialect: RecordDialect): boolean {
  const scanner = new RecordScanner(dialect);
  let from = 0;
  for (let to = scanner.nextEnd(bytes, 0); to >= 0; to = scanner.nextEnd(bytes, to)) {
    if (withoutEnding(bytes.subarray(from, to)).equals(wanted)) return true;
    from = to;
  }
  return false;
}

function judge(samples: readonly PartSample[], dialect: RecordDialect): string {
  const [one] = samples;
  if (one === undefined) return 'no part has any record yet';
  const heads = samples.map((sample) => fieldsOf(sample.first, dialect));
  if (heads.every((fields) => !canBeHeader(fields))) return 'absent';
  if (samples.some((sample) => !sample.first.equals(one.first))) {
    return 'parts begin with different records that could be headers';
  }
  if (samples.length < 2) return 'only one part has records';
  if (samples.some((sample) => sample.again)) return 'the first record occurs again as a row';
  return 'present';
}

function fieldsOf(record: Buffer, { delimiter, escape: way }: RecordDialect): readonly string[] {
  const quoting = { quote: '"', escape: way === 'double' ? '"' : '\\' };
  const options = { delimiter, ...quoting, relax_quotes: true, relax_column_count: true };
  const [fields] = parse(record, options) as string[][];
  return fields ?? [];
}

/** A header consists of different names; a number, a date, a truth value or nothing is no name. */
function canBeHeader(fields: readonly string[]): boolean {
  const isValue = (field: string) =>
    field.trim() === '' ||
    /^[-+]?[\d.,]+(e[-+]?\d+)?$/i.test(field) ||
    /^\d{4}-\d\d-\d\d/.test(field) ||
    /^(true|false|null|nan)$/i.test(field);
  return fields.length > 0 && new Set(fields).size === fields.length && !fields.some(isValue);
}
