import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { replaceFile } from '../durable-file.ts';
import type { Executor } from '../executors/executor.ts';
import type { RunRecord, RunStore } from '../store/run-store.ts';
import { checkPairing } from './check-pairing.ts';
import type { RunPlan, RunStep } from './plan-run.ts';

export interface SubmitTools {
  readonly store: RunStore;
  readonly executor: Executor;
  readonly now: () => Date;
  /** Called before each step and once with `done`; the crash tests stop the process in it. */
  readonly onStep?: (step: RunStep['do'] | 'record-handle' | 'done') => void;
}

/** A new name for a run. Random, because drivers of several services may run on one machine. */
export function newRunId(): string {
  return `run-${randomBytes(8).toString('hex')}`;
}

/**
 * Accepts a start: afterwards the intent is on disk, and the driver will be started even if this process ends
 * now. Gives the live run instead when the pipeline has one. Throws what check-pairing throws.
 */
export async function acceptRun(
  plan: RunPlan,
  tools: SubmitTools,
): Promise<{ run: RunRecord; isNew: boolean } | undefined> {
  let accepted: { run: RunRecord; isNew: boolean } | undefined;
  for (const step of plan.accept) {
    tools.onStep?.(step.do);
    if (step.do === 'check-pairing') await checkPairing(step.generation);
    if (step.do === 'write-intent') {
      accepted = tools.store.writeIntent(step.intent, tools.now().toISOString());
    }
  }
  return accepted;
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

async function performStep(step: RunStep, plan: RunPlan, tools: SubmitTools): Promise<void> {
  switch (step.do) {
    case 'make-folders':
      for (const folder of step.folders) await mkdir(folder, { recursive: true });
      return;
    case 'write-job':
      // Read-only: the spec is what one edits.
      await replaceFile(step.file, step.text);
      return chmod(step.file, 0o444);
    case 'start-driver': {
      const handle = await tools.executor.submit(step.request);
      tools.onStep?.('record-handle');
      tools.store.recordHandle(plan.runId, handle, tools.now().toISOString());
      return;
    }
    case 'check-pairing':
    case 'write-intent':
      return;
  }
}
