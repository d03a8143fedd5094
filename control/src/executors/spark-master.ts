import { Type } from 'typebox';
import { Value } from 'typebox/value';

const count = Type.Integer({ minimum: 0 });
const application = Type.Object({ id: Type.String(), state: Type.String() });

const clusterSchema = Type.Object({
  status: Type.String(),
  workers: Type.Array(
    Type.Object({
      host: Type.String(),
      state: Type.String(),
      cores: count,
      coresfree: count,
      memory: count,
      memoryfree: count,
    }),
  ),
  activeapps: Type.Array(
    Type.Object({ ...application.properties, cores: count, memoryperexecutor: count }),
  ),
  completedapps: Type.Array(application),
});

/** What a master says of its cluster; memory in MiB. */
export type ClusterView = Readonly<Type.Static<typeof clusterSchema>>;
export type WorkerView = ClusterView['workers'][number];

/** The view, or why there is none. */
export type MasterAnswer =
  | { readonly view: ClusterView }
  | { readonly view?: undefined; readonly problem: string };

const answerMs = 3000;

/**
 * Asks a master by the JSON below its web page (Spark's JsonProtocol.writeMasterState). One that recovers or
 * stands by knows nothing for sure, so it counts as not answering. Never throws.
 */
export async function askMaster(masterUi: string): Promise<MasterAnswer> {
  try {
    const reply = await fetch(`${masterUi}/json/`, { signal: AbortSignal.timeout(answerMs) });
    const value: unknown = await reply.json();
    if (!Value.Check(clusterSchema, value))
      return { problem: 'its answer is not that of a master' };
    return value.status === 'ALIVE' ? { view: value } : { problem: `it is ${value.status}` };
  } catch (error) {
    return { problem: describe(error) };
  }
}

/** Workers that can be given work. */
export function aliveWorkers({ workers }: ClusterView): readonly WorkerView[] {
  return workers.filter(({ state }) => state === 'ALIVE');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${answerMs / 1000} s`;
  if (error instanceof SyntaxError) return 'its answer is not that of a master';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
