import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  type OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { askGlueFor } from './ask-glue.ts';
import type { LogPage } from './executor.ts';

/** Where AWS Glue writes what a driver says on its two outputs; a stream is called like the run. */
const groups = ['/aws-glue/jobs/error', '/aws-glue/jobs/output'];

/** A longer line is cut here, as in the logs of other drivers. In characters. */
const longestLine = 8 * 1024;

/** Each request brings up to 1 MiB. */
const mostRequests = 200;

/**
 * Lines of a run's log, from a line number. The two outputs are put together in the order in which they arrived,
 * so that a line keeps its number while more arrive. A log that is not there yet has no lines. Throws the AWS_ errors.
 */
export async function readGlueLog(
  logs: CloudWatchLogsClient,
  jobRunId: string,
  { from, size }: { readonly from: number; readonly size: number },
): Promise<LogPage> {
  const streams = groups.map((group) => readEvents(logs, group, jobRunId));
  const lines: string[] = [];
  let total = 0;
  for await (const event of byArrival(streams)) {
    for (const line of linesOf(event)) {
      if (total >= from && total < from + size) lines.push(line);
      total += 1;
    }
  }
  return { from, total, lines };
}

/** The events of one stream from its beginning, in order. CloudWatch ends by giving the same token again. */
async function* readEvents(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
): AsyncGenerator<OutputLogEvent> {
  let nextToken: string | undefined;
  for (let request = 0; request < mostRequests; request += 1) {
    const place = { logGroupName, logStreamName, startFromHead: true };
    const command = new GetLogEventsCommand({ ...place, ...(nextToken ? { nextToken } : {}) });
    const answer = await askGlueFor(logGroupName, logs.send(command), 'CloudWatch Logs');
    yield* answer?.events ?? [];
    const token = answer?.nextForwardToken;
    if (token === undefined || token === nextToken) return;
    nextToken = token;
  }
}

/** Merges streams, each of which is in order. */
async function* byArrival(
  streams: readonly AsyncGenerator<OutputLogEvent>[],
): AsyncGenerator<OutputLogEvent> {
  const heads = await Promise.all(
    streams.map(async (stream) => ({ stream, event: (await stream.next()).value })),
  );
  for (;;) {
    const [first] = heads
      .filter(({ event }) => event !== undefined)
      .sort((one, other) => arrivalOf(one.event) - arrivalOf(other.event));
    if (first?.event === undefined) return;
    yield first.event;
    first.event = (await first.stream.next()).value;
  }
}

function arrivalOf(event: OutputLogEvent | undefined): number {
  return event?.ingestionTime ?? event?.timestamp ?? 0;
}

function linesOf({ message = '' }: OutputLogEvent): readonly string[] {
  return message
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)} ...` : line));
}
