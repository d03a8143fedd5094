import type { MergeOptions } from '../merge/merge-settings.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { isObjectPath, resolvePlace } from '../storage/place.ts';
import { type LayoutFolders, layOutRun } from '../submit/run-layout.ts';
import type { Report } from '../watch/watch-tools.ts';
import { FollowedFile, type FollowedFileOptions } from './followed-file.ts';
import { MergeProcess } from './merge-process.ts';
import type { MergeProgress } from './merge-progress.ts';

export interface FollowedPipeline {
  readonly pipeline: Pipeline;
  readonly columns: readonly string[];
  readonly generation: number;
  readonly folders: LayoutFolders;
}

/** The merged files of one pipeline; one that its spec does not ask for is absent. */
export interface PipelineMerges {
  readonly rows?: MergeProgress;
  readonly deadLetters?: MergeProgress;
}

/** Keeps the merged files of pipelines up to date while the service runs. */
export interface MergeFollowers {
  /** Follows what the pipeline's spec asks for, in place of what was followed for it before. */
  follow(followed: FollowedPipeline): Promise<void>;
  progress(name: string): PipelineMerges | undefined;
  /** The process that merges, once there is one. */
  readonly pid: number | undefined;
  /** Ends at a safe point. */
  stop(name: string): Promise<void>;
  close(): Promise<void>;
}

interface Followers {
  readonly rows?: FollowedFile;
  readonly deadLetters?: FollowedFile;
}

const deadLettersEveryMs = 1000;
const leastObjectPaceMs = 5000;

/** Nothing is followed yet. */
export function followMerges(report: Report): MergeFollowers {
  const byName = new Map<string, Followers>();
  const process = new MergeProcess();
  const stop = async (name: string): Promise<void> => {
    const { rows, deadLetters } = byName.get(name) ?? {};
    byName.delete(name);
    await Promise.all([rows?.stop(), deadLetters?.stop()]);
  };
  return {
    follow: async (followed) => {
      const { name } = followed.pipeline;
      await stop(name);
      byName.set(name, startFollowers(followed, { process, report }));
    },
    progress: (name) => {
      const followers = byName.get(name);
      return followers && readProgress(followers);
    },
    get pid() {
      return process.pid;
    },
    stop,
    close: async () => {
      await Promise.all([...byName.keys()].map(stop));
      await process.close();
    },
  };
}

function startFollowers(
  { pipeline, columns, generation, folders }: FollowedPipeline,
  means: Pick<FollowedFileOptions, 'process' | 'report'>,
): Followers {
  const layout = layOutRun(folders, pipeline, { id: 'none', generation });
  const directory = layout.generation?.parts;
  const { merge, deadLetters } = pipeline;
  if (directory === undefined) return {};
  const start = (options: MergeOptions, everyMs: number) =>
    new FollowedFile({ merge: options, everyMs: paceOf(options, everyMs), ...means });
  const rows: MergeOptions | undefined = merge && {
    directory,
    into: resolvePlace(merge.into, folders.workFolder),
    header: 'absent',
    ...(merge.header ? { columns } : {}),
    only: { outcome: 'row' },
  };
  const dead: MergeOptions | undefined = deadLetters && {
    directory,
    into: resolvePlace(deadLetters.into, folders.workFolder),
    format: 'lines',
    only: { outcome: 'dead-letter' },
  };
  return {
    ...(rows && merge ? { rows: start(rows, merge.everyMs) } : {}),
    ...(dead ? { deadLetters: start(dead, merge?.everyMs ?? deadLettersEveryMs) } : {}),
  };
}

/** A look at a bucket is a request or more, and each pass into one writes the merged object anew. */
function paceOf({ directory, into }: MergeOptions, everyMs: number): number {
  return [directory, into].some(isObjectPath) ? Math.max(everyMs, leastObjectPaceMs) : everyMs;
}

function readProgress({ rows, deadLetters }: Followers): PipelineMerges {
  return {
    ...(rows ? { rows: rows.progress } : {}),
    ...(deadLetters ? { deadLetters: deadLetters.progress } : {}),
  };
}
