import { join } from 'node:path';
import type { Pipeline } from '../spec/pipeline.ts';
import { isObjectPath, joinPlace, resolvePlace } from '../storage/place.ts';

export interface LayoutFolders {
  /** On this machine. */
  readonly stateFolder: string;
  /** Where relative paths of the spec start: on this machine, or `s3://bucket/prefix`. */
  readonly workFolder: string;
}

/** One (checkpoint, output) pair; the two belong together and are numbered together. */
export interface Generation {
  readonly parts: string;
  readonly checkpoint: string;
  /** Tells who uses the two; the driver keeps it. */
  readonly lease: string;
}

/** Where everything of one run lies: absolute paths, or addresses in buckets. */
export interface RunLayout {
  /** Always on this machine, and the job with it. */
  readonly runFolder: string;
  readonly jobFile: string;
  readonly controlFolder: string;
  /** Absent for sinks that keep nothing. */
  readonly generation?: Generation;
}

/** Decides where the files of a run lie. Pure. */
export function layOutRun(
  folders: LayoutFolders,
  pipeline: Pick<Pipeline, 'sinkPath'>,
  run: { readonly id: string; readonly generation: number },
): RunLayout {
  const runFolder = runFolderOf(folders, run.id);
  const jobFile = join(runFolder, 'job.py');
  if (pipeline.sinkPath === undefined) {
    return { runFolder, jobFile, controlFolder: controlFolderAlone(folders, run.id) };
  }
  const sink = resolvePlace(pipeline.sinkPath, folders.workFolder);
  const root = joinPlace(sink, `generation-${run.generation}`);
  return {
    runFolder,
    jobFile,
    controlFolder: joinPlace(root, 'control', run.id),
    generation: {
      parts: joinPlace(root, 'parts'),
      checkpoint: joinPlace(root, 'checkpoint'),
      lease: joinPlace(root, 'lease'),
    },
  };
}

/** Where log, exit status and job of a run lie. */
export function runFolderOf(
  { stateFolder }: Pick<LayoutFolders, 'stateFolder'>,
  runId: string,
): string {
  return join(stateFolder, 'runs', runId);
}

/** A job without parts has no generation to keep it in, and elsewhere cannot reach this machine. */
function controlFolderAlone(folders: LayoutFolders, runId: string): string {
  return isObjectPath(folders.workFolder)
    ? joinPlace(folders.workFolder, 'sluice', 'runs', runId, 'control')
    : join(runFolderOf(folders, runId), 'control');
}
