import { dirname } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { describeOwner, findHolder } from '../lease/find-holder.ts';
import { leaseFilesAt } from '../lease/lease-files.ts';
import { leaseKey } from '../lease/lease-key.ts';
import type { Storage } from '../storage/storage.ts';
import type { RunStore } from '../store/run-store.ts';
import type { RunPlan } from './plan-run.ts';

type LeasedPlan = Required<Pick<RunPlan, 'intent' | 'generation'>>;

/**
 * Refuses a start whose checkpoint another run uses: one of another service, or one that somebody started by hand.
 * The driver looks again when it takes the lease, so this only brings the answer forward. Throws LEASE_HELD,
 * and what the storage throws.
 */
export async function checkLease(
  { intent, generation }: RunPlan,
  { store, storage }: { readonly store: RunStore; readonly storage: Storage },
): Promise<void> {
  if (generation === undefined) return;
  refuseRival({ intent, generation }, store);
  const holder = await findHolder(leaseFilesAt(storage, generation.lease));
  if (holder === undefined) return;
  // A start beside this one may have been faster: then its run is the answer.
  const own = store.liveRuns().find((run) => run.pipeline === intent.pipeline);
  if (own !== undefined && own.id === holder.run) return;
  const { since } = holder;
  throw new SluiceError('LEASE_HELD', { holder: describeOwner(holder), since });
}

/** Another pipeline of this service whose output is the same folder may not have come to taking the lease yet. */
function refuseRival({ intent, generation }: LeasedPlan, store: RunStore): void {
  const key = leaseKey(dirname(generation.lease), '/');
  const rival = store
    .liveRuns()
    .filter((run) => run.pipeline !== intent.pipeline)
    .find((run) => leaseKey(dirname(dirname(run.controlFolder)), '/') === key);
  if (rival === undefined) return;
  const holder = `${rival.id} of ${rival.pipeline}`;
  throw new SluiceError('LEASE_HELD', { holder, since: rival.intentAt });
}
