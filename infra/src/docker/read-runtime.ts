import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SparkRuntime } from '../spark-daemon.ts';

/** The manifest that set-up wrote when the image was built. */
export type ImageRuntime = SparkRuntime & {
  readonly kafka: { readonly jars: string };
  readonly aws: { readonly python: string };
};

export const runtimeFile = resolve(import.meta.dirname, '../../../.sluice/runtime.json');

export function readRuntime(): ImageRuntime {
  return JSON.parse(readFileSync(runtimeFile, 'utf8'));
}
