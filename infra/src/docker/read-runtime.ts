import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SparkRuntime } from '../spark-daemon.ts';

/** The manifest that set-up wrote when the image was built. */
export type ImageRuntime = SparkRuntime & { readonly kafka: { readonly jars: string } };

export function readRuntime(): ImageRuntime {
  const file = resolve(import.meta.dirname, '../../../.sluice/runtime.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}
