import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pipeline } from '../spec/pipeline.ts';

export interface LayoutFolders {
  readonly stateFolder: string;
  readonly workFolder: string;
}

/** One (checkpoint, output) pair; the two belong together and are numbered together. */
export interface Generation {
  readonly parts: string;
  readonly checkpoint: string;
  /** Tells who uses the two; the driver keeps it. */
  readonly lease: string;
}

/** Where everything of one run lies; absolute paths. */
export interface RunLayout {
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
    return { runFolder, jobFile, controlFolder: join(runFolder, 'control') };
  }
  const root = generationFolder(folders, pipeline.sinkPath, run.generation);
  return {
    runFolder,
    jobFile,
    controlFolder: join(root, 'control', run.id),
    generation: {
      parts: join(root, 'parts'),
      checkpoint: join(root, 'checkpoint'),
      lease: join(root, 'lease'),
    },
  };
}

/** Where log, exit status and job of a run lie. */
export function runFolderOf({ stateFolder }: LayoutFolders, runId: string): string {
  return join(stateFolder, 'runs', runId);
}

function generationFolder(folders: LayoutFolders, sinkPath: string, generation: number): string {
  return join(absolutePath(folders, sinkPath), `generation-${generation}`);
}

/** A path of a spec as an absolute one on this machine; relative ones start at the work folder. */
export function absolutePath({ workFolder }: LayoutFolders, path: string): string {
  return path.startsWith('file:') ? fileURLToPath(path) : resolve(workFolder, path);
}
