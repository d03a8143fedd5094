import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { joinPlace } from '../storage/place.ts';
import type { Storage } from '../storage/storage.ts';

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

/** A larger file is not understood: the job writes a few hundred bytes. */
const largestFile = 1024 * 1024;

/** One run's place of signs. */
export interface SignPlace {
  readonly storage: Storage;
  readonly folder: string;
  readonly runId: string;
}

/**
 * Reads the signs of a run. The job replaces its files whole, so what is read is one moment's truth. Throws what
 * the storage throws: that signs cannot be read does not mean that there are none.
 */
export async function readSigns(place: SignPlace): Promise<JobSigns> {
  const { storage, folder, runId } = place;
  const [progress, alive, end, stopMarker] = await Promise.all([
    readProgress(place),
    readSign(place, 'alive.json', aliveSchema),
    readSign(place, 'end.json', endSchema),
    storage.exists(joinPlace(folder, 'stop')),
  ]);
  return {
    ...(progress ? { progress } : {}),
    ...(alive?.run === runId ? { alive } : {}),
    ...(end?.run === runId ? { end } : {}),
    stopMarker,
  };
}

/** Reads of the signs only how far a run is. Throws what the storage throws. */
export async function readProgress(place: SignPlace): Promise<ProgressSign | undefined> {
  const progress = await readSign(place, 'progress.json', progressSchema);
  return progress?.run === place.runId ? progress : undefined;
}

/** Asks the job to finish its batch and end. Safe to repeat. Throws what the storage throws. */
export async function writeStopMarker({ storage, folder, runId }: SignPlace): Promise<void> {
  await storage.replace(joinPlace(folder, 'stop'), JSON.stringify({ run: runId }));
}

async function readSign<Schema extends Type.TSchema>(
  { storage, folder }: SignPlace,
  name: string,
  schema: Schema,
): Promise<Type.Static<Schema> | undefined> {
  const bytes = await storage.read(joinPlace(folder, name), largestFile);
  const value = bytes && parse(bytes);
  return Value.Check(schema, value) ? value : undefined;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
