import {
  AlreadyExistsException,
  ConcurrentModificationException,
  CreateJobCommand,
  GetJobCommand,
  type GlueClient,
  IdempotentParameterMismatchException,
  type Job,
  UpdateJobCommand,
} from '@aws-sdk/client-glue';
import { askGlue, askGlueFor } from './ask-glue.ts';
import { compareJobDefinition } from './compare-job-definition.ts';
import type { GlueJobDefinition } from './glue-job-definition.ts';

/** The job as AWS has it; undefined when there is none. Throws the AWS_ errors. */
export async function readJob(glue: GlueClient, name: string): Promise<Job | undefined> {
  const answer = await askGlueFor(
    `GetJob ${name}`,
    glue.send(new GetJobCommand({ JobName: name })),
  );
  return answer?.Job;
}

const mostTries = 4;

/**
 * Makes the job be as defined: creates it, or updates it when something differs. Somebody who does the same beside
 * us is met by looking again. Throws the AWS_ errors.
 */
export async function applyJobDefinition(
  glue: GlueClient,
  name: string,
  definition: GlueJobDefinition,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const found = await readJob(glue, name);
    if (found && compareJobDefinition(definition, found).length === 0) return;
    const what = `${found ? 'UpdateJob' : 'CreateJob'} ${name}`;
    const isDone = await askGlue(what, unlessRaced(change(glue, { name, found, definition })));
    if (isDone || tries === mostTries) return;
  }
}

interface JobChange {
  readonly name: string;
  readonly found: Job | undefined;
  readonly definition: GlueJobDefinition;
}

function change(glue: GlueClient, { name, found, definition }: JobChange): Promise<unknown> {
  return found
    ? glue.send(
        new UpdateJobCommand({ JobName: name, JobUpdate: withConnections(definition, found) }),
      )
    : glue.send(new CreateJobCommand({ ...definition, Name: name }));
}

/** A connection leads into somebody's network; Sluice sets none, and must not cut it by an update. */
function withConnections(definition: GlueJobDefinition, { Connections }: Job): GlueJobDefinition {
  return Connections ? { ...definition, Connections } : definition;
}

/** False when somebody else created or changed the job between our look and our write. */
async function unlessRaced(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    const raced = [
      AlreadyExistsException,
      IdempotentParameterMismatchException,
      ConcurrentModificationException,
    ].some((kind) => error instanceof kind);
    if (raced) return false;
    throw error;
  }
}
