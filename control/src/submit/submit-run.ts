import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { replaceFile } from '../durable-file.ts';
import type { Executors } from '../executors/executor.ts';
import type { Storage } from '../storage/storage.ts';
import type { RunRecord, RunStore } from '../store/run-store.ts';
import { checkLease } from './check-lease.ts';
import { checkPairing } from './check-pairing.ts';
import type { LaunchStep, RunPlan } from './plan-run.ts';

/** The moments between which a crash may come. */
export type SubmitMoment =
  | 'check-lease'
  | 'check-pairing'
  | 'write-intent'
  | LaunchStep['do']
  | 'record-handle'
  | 'done';

export interface SubmitTools {
  readonly store: RunStore;
  readonly storage: Storage;
  readonly executors: Executors;
  readonly now: () => Date;
  /** Called before each step and once with `done`; the crash tests stop the process in it. */
  readonly onStep?: (step: SubmitMoment) => void;
}

/** A new name for a run. Random, because drivers of several services may run on one machine. */
export function newRunId(): string {
  return `run-${randomBytes(8).toString('hex')}`;
}

export interface AcceptedRun {
  readonly run: RunRecord;
  /** False when the pipeline had a live run, which is then the one given. */
  readonly isNew: boolean;
}

/**
 * Accepts a start: afterwards the intent is on disk, and the driver will be started even if this process ends
 * now. Throws LEASE_HELD and what check-pairing and the storage throw.
 */
export async function acceptRun(plan: RunPlan, tools: SubmitTools): Promise<AcceptedRun> {
  if (plan.generation) {
    tools.onStep?.('check-lease');
    await checkLease(plan, tools);
    tools.onStep?.('check-pairing');
    await checkPairing(plan.generation, tools.storage);
  }
  tools.onStep?.('write-intent');
  return tools.store.writeIntent(plan.intent, tools.now().toISOString());
}

/**
 * Starts the driver of an accepted run, or adopts the one that is there. Every step may be repeated, so after a
 * crash anywhere this is called again and still leaves exactly one driver.
 */
export async function launchRun(plan: RunPlan, tools: SubmitTools): Promise<void> {
  for (const step of plan.launch) {
    tools.onStep?.(step.do);
    await performStep(step, plan, tools);
  }
  tools.onStep?.('done');
}

async function performStep(step: LaunchStep, plan: RunPlan, tools: SubmitTools): Promise<void> {
  switch (step.do) {
    case 'make-folders':
      for (const folder of step.folders) await mkdir(folder, { recursive: true });
      return;
    case 'write-job':
      // Read-only: the spec is what one edits.
      await replaceFile(step.file, step.text);
      return chmod(step.file, 0o444);
    case 'start-driver': {
      const handle = await tools.executors[step.request.target].submit(step.request);
      tools.onStep?.('record-handle');
      tools.store.recordHandle(plan.runId, handle, tools.now().toISOString());
      return;
    }
  }
}
