import type { MergeStatus, PipelineStatus } from './control-api.ts';
import type { StartedProducer } from './start-producer.ts';

/** One picture of the demo: names and what is seen of them. Missing is "no data yet", never zero. */
export interface DemoView {
  readonly elapsed: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
  readonly footer: string;
}

export interface ViewSource {
  readonly elapsedMs: number;
  readonly producer: StartedProducer;
  readonly status: PipelineStatus;
  readonly servers: string;
  /** Address of the Spark master, when there is one. */
  readonly master?: string;
  readonly url: string;
  /** The merged file, as people read it. */
  readonly file: string;
  readonly footer: string;
}

const missing = 'no data yet';

/** What the demo shows now. */
export function drawView(source: ViewSource): DemoView {
  const { producer, status } = source;
  const { acked, perSecond } = producer.counts;
  const { progress, merge, observed } = status;
  const runs = producer.process.exitCode === null ? `${count(Math.round(perSecond))}/s` : 'done';
  return {
    elapsed: clock(source.elapsedMs),
    rows: [
      ['kafka', `running at ${source.servers}`],
      ['api', `${source.url}  (its document: ${source.url}/openapi.json)`],
      ...describeCluster(source),
      ['pipeline', `${observed.state} for ${age(observed.since)}`],
      ['events produced', `${count(acked)}  (${runs})`],
      ['rows committed', progress ? describeBatch(progress) : missing],
      ['rows merged', merge?.rows ? count(merge.rows.rows) : missing],
      ['lag', progress?.lag === undefined ? missing : `${count(progress.lag)} events`],
      ['dead letters', progress ? count(progress.totals.deadLetters) : missing],
      ['merged file', describeFile(source.file, merge?.rows)],
    ],
    footer: source.footer,
  };
}

function describeCluster({ master, status }: ViewSource): readonly (readonly [string, string])[] {
  if (master === undefined) return [];
  const application = status.run?.application;
  return [['spark', `${master}${application === undefined ? '' : `  (${application})`}`]];
}

/** The same picture as one line, for logs. */
export function describeLine({ elapsed, rows }: DemoView): string {
  const shown = ['spark', 'pipeline', 'events produced', 'rows committed', 'rows merged', 'lag'];
  const parts = rows.filter(([name]) => shown.includes(name));
  return [elapsed, ...parts.map(([name, value]) => `${name}: ${value}`)].join('  ');
}

function describeBatch({ totals, batch, batchMs }: NonNullable<PipelineStatus['progress']>) {
  return `${count(totals.rows)}  (batch ${batch}, ${(batchMs / 1000).toFixed(1)} s)`;
}

function describeFile(file: string, merge: MergeStatus | undefined): string {
  return merge ? `${file}  (${(merge.bytes / 1e6).toFixed(1)} MB)` : file;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

function age(since: string): string {
  return clock(Math.max(0, Date.now() - Date.parse(since)));
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
