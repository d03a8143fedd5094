import { DeadlineError } from './deadline.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';

export interface FailedSend {
  readonly servers: string;
  readonly topic: string;
  readonly seconds: number;
  /** The last thing kafkajs complained about; it says more than that time is up. */
  readonly lastProblem: string;
}

/**
 * What a rejected kafkajs send means: the cluster stayed away (NOT_ACKNOWLEDGED), or it answered and will not
 * take the events (REFUSED), as with one larger than the topic allows.
 */
export function explainFailedSend(caught: unknown, send: FailedSend): ProducerError {
  const { servers, topic, seconds, lastProblem } = send;
  if (isTimeUp(caught)) {
    return new ProducerError('NOT_ACKNOWLEDGED', { servers, topic, seconds, problem: lastProblem });
  }
  return new ProducerError('REFUSED', { servers, topic, problem: describeProblem(caught) });
}

/** kafkajs wraps the error that ends its retries in up to two others. */
function isTimeUp(caught: unknown): boolean {
  if (caught instanceof DeadlineError) {
    return true;
  }
  if (!(caught instanceof Error)) {
    return false;
  }
  return caught.name === 'KafkaJSNumberOfRetriesExceeded' || isTimeUp(caught.cause);
}
