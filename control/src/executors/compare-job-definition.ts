import type { Job } from '@aws-sdk/client-glue';
import type { GlueJobDefinition } from './glue-job-definition.ts';

/** One difference between a job as it is and as it will be. Absent means that it is not set. */
export interface FieldChange {
  /** As AWS names it, with a dot before a part of it: `DefaultArguments.--conf`. */
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * What an update would change, field by field; every field of the definition when there is no such job. Only
 * what Sluice sets is compared, and what would work against it: AWS adds fields of its own.
 */
export function compareJobDefinition(
  wanted: GlueJobDefinition,
  found: Job | undefined,
): readonly FieldChange[] {
  const before = flatten(found ? ours(found) : {});
  const after = flatten(ours(wanted));
  const fields = [...new Set([...after.keys(), ...before.keys()])];
  return fields.flatMap((field) => changeOf(field, before.get(field), after.get(field)));
}

/** Minutes that AWS gives a job that sets no timeout, by its version; they are no wish of anybody. */
const defaultTimeouts = [0, 480, 2880];

function ours(job: Job | GlueJobDefinition): Readonly<Record<string, unknown>> {
  const { Timeout, MaxRetries = 0, Role = '' } = job;
  return {
    Description: job.Description,
    // The same role may come back as a name or as an ARN with a path.
    Role: Role.split('/').at(-1),
    Command: job.Command,
    GlueVersion: job.GlueVersion,
    WorkerType: job.WorkerType,
    NumberOfWorkers: job.NumberOfWorkers,
    ExecutionProperty: job.ExecutionProperty,
    MaxRetries,
    Timeout: defaultTimeouts.includes(Timeout ?? 0) ? undefined : Timeout,
    DefaultArguments: job.DefaultArguments,
    NonOverridableArguments: job.NonOverridableArguments,
  };
}

/** Paths of the leaves of plain data with their values as text; what is undefined is left out. */
function flatten(value: object, path = ''): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [key, inner] of Object.entries(value)) {
    const name = path === '' ? key : `${path}.${key}`;
    if (inner === undefined || inner === null) continue;
    if (typeof inner !== 'object') leaves.set(name, String(inner));
    else for (const [leaf, text] of flatten(inner, name)) leaves.set(leaf, text);
  }
  return leaves;
}

function changeOf(
  field: string,
  from: string | undefined,
  to: string | undefined,
): readonly FieldChange[] {
  if (from === to) return [];
  return [{ field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}
