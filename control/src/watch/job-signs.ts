import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { replaceFile } from '../durable-file.ts';

const count = Type.Integer({ minimum: 0 });
const batchNumber = Type.Union([Type.Integer(), Type.Null()]);
const text = Type.Union([Type.String(), Type.Null()]);

const progressSchema = Type.Object({
  run: Type.String(),
  at: Type.String(),
  batch: Type.Integer(),
  inputRows: count,
  rows: count,
  deadLetters: count,
  batchMs: Type.Number(),
  totals: Type.Object({ batches: count, inputRows: count, rows: count, deadLetters: count }),
  sources: Type.Optional(
    Type.Array(
      Type.Object({
        description: Type.Optional(Type.String()),
        endOffset: Type.Optional(Type.Unknown()),
        latestOffset: Type.Optional(Type.Unknown()),
      }),
    ),
  ),
});

const aliveSchema = Type.Object({ run: Type.String(), at: Type.String(), phase: Type.String() });

const endSchema = Type.Object({
  run: Type.String(),
  at: Type.String(),
  outcome: Type.Union([
    Type.Literal('stopped'),
    Type.Literal('finished'),
    Type.Literal('failed'),
    Type.Literal('refused'),
    Type.Literal('fenced'),
  ]),
  batch: Type.Optional(batchNumber),
  condition: Type.Optional(text),
  message: Type.Optional(text),
  /** Who has the lease, and since when, for a run that was refused or fenced. */
  holder: Type.Optional(Type.String()),
  since: Type.Optional(Type.String()),
});

export type ProgressSign = Readonly<Type.Static<typeof progressSchema>>;
export type AliveSign = Readonly<Type.Static<typeof aliveSchema>>;
export type EndSign = Readonly<Type.Static<typeof endSchema>>;

/** What a job has written into its control folder. A file that is absent or not as agreed is left out. */
export interface JobSigns {
  readonly progress?: ProgressSign;
  readonly alive?: AliveSign;
  readonly end?: EndSign;
  readonly stopMarker: boolean;
}

/** A larger file is not read: the job writes a few hundred bytes. */
const largestFile = 1024 * 1024;

/** Reads the signs of a run. The job replaces its files whole, so what is read is one moment's truth. */
export async function readSigns(folder: string, runId: string): Promise<JobSigns> {
  const [progress, alive, end, marker] = await Promise.all([
    readSign(join(folder, 'progress.json'), progressSchema),
    readSign(join(folder, 'alive.json'), aliveSchema),
    readSign(join(folder, 'end.json'), endSchema),
    stat(join(folder, 'stop')).catch(() => undefined),
  ]);
  return {
    ...(progress?.run === runId ? { progress } : {}),
    ...(alive?.run === runId ? { alive } : {}),
    ...(end?.run === runId ? { end } : {}),
    stopMarker: marker !== undefined,
  };
}

/** Asks the job to finish its batch and end. Safe to repeat. */
export async function writeStopMarker(folder: string, runId: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(join(folder, 'stop'), JSON.stringify({ run: runId }));
}

async function readSign<Schema extends Type.TSchema>(
  path: string,
  schema: Schema,
): Promise<Type.Static<Schema> | undefined> {
  try {
    const { size } = await stat(path);
    if (size > largestFile) return undefined;
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
