import { DeadlineError } from './deadline.ts';
import type { KafkaLink } from './kafka-link.ts';
import { ProducerError } from './producer-errors.ts';

export interface FailedSend {
  readonly servers: string;
  readonly topic: string;
  readonly seconds: number;
  readonly link: Pick<KafkaLink, 'explain' | 'lastProblem'>;
}

/**
 * What a rejected request means: the cluster stayed away (NOT_ACKNOWLEDGED), or it answered and will not
 * take the events (REFUSED), as with one larger than the topic allows.
 */
export function explainFailedSend(caught: unknown, send: FailedSend): ProducerError {
  const { servers, topic, seconds, link } = send;
  const { away, problem } = link.explain(caught);
  if (caught instanceof DeadlineError || away) {
    const last = link.lastProblem();
    return new ProducerError('NOT_ACKNOWLEDGED', { servers, topic, seconds, problem: last });
  }
  return new ProducerError('REFUSED', { servers, topic, problem });
}
