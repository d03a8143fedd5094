import { explainAwsError } from '../storage/explain-aws-error.ts';

/** Whether an error of AWS says that what was asked for is not there. */
function saysAbsent(error: unknown): boolean {
  const { name } = error as Error;
  return name === 'EntityNotFoundException' || name === 'ResourceNotFoundException';
}

/** Waits for a call; `what` names it and its object, for example `GetJob sluice-x`. Throws the AWS_ errors. */
export async function askGlue<Answer>(
  what: string,
  call: Promise<Answer>,
  service = 'Glue',
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw explainAwsError(error, { service, what });
  }
}

/** The same, where "it is not there" is an answer: undefined. */
export function askGlueFor<Answer>(
  what: string,
  call: Promise<Answer>,
  service?: string,
): Promise<Answer | undefined> {
  const answer = call.catch((error: unknown) => {
    if (saysAbsent(error)) return undefined;
    throw error;
  });
  return askGlue(what, answer, service);
}
