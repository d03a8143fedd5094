import { createHash } from 'node:crypto';
import type { DriverRequest } from '../executors/executor.ts';
import type { LaunchStep, RunPlan } from './plan-run.ts';

/** One step of a start, in words: what is done, and to what. */
export interface PreviewStep {
  readonly do: string;
  /** Places and values, each a line. */
  readonly what: readonly string[];
}

/** How the steps of one driver's start are told; the executor of the target knows. */
export type DescribeDriver = (request: DriverRequest, job: string) => readonly PreviewStep[];

/**
 * The steps of a start, told from the very plan that a start performs: first what must hold before it is accepted,
 * then what may be repeated after a crash.
 */
export function previewRun(plan: RunPlan, describe: DescribeDriver): readonly PreviewStep[] {
  const job = plan.launch.find((step) => step.do === 'write-job')?.text ?? '';
  return [...checksOf(plan), ...plan.launch.flatMap((step) => stepsOf(step, job, describe))];
}

function checksOf({ generation, intent }: RunPlan): readonly PreviewStep[] {
  const intentStep = { do: 'write the intent of this run', what: [intent.id] };
  if (generation === undefined) return [intentStep];
  const { lease, checkpoint, parts } = generation;
  return [
    { do: 'see that no other run has the lease', what: [lease] },
    { do: 'see that checkpoint and output belong together', what: [checkpoint, parts] },
    intentStep,
  ];
}

function stepsOf(step: LaunchStep, job: string, describe: DescribeDriver): readonly PreviewStep[] {
  switch (step.do) {
    case 'make-folders':
      return [{ do: 'make folders', what: step.folders }];
    case 'write-job': {
      const hash = createHash('sha256').update(step.text).digest('hex').slice(0, 16);
      return [{ do: `write the job, sha256 ${hash}...`, what: [step.file] }];
    }
    case 'start-driver':
      return [
        { do: 'look for a driver of this run, and adopt it if there is one', what: [] },
        ...describe(step.request, job),
        { do: 'record how the driver is found again', what: [] },
        { do: 'the driver takes the lease and reports', what: [step.request.controlFolder] },
      ];
  }
}
