import type { LintRule } from './lint-context.ts';
import { allowedPaths } from './rules/allowed-paths.ts';
import { columnsExist } from './rules/columns-exist.ts';
import { decodeFitsSource } from './rules/decode-fits-source.ts';
import { durations } from './rules/durations.ts';
import { environmentReferences } from './rules/environment-references.ts';
import { mergeNeedsParts } from './rules/merge-needs-parts.ts';
import { pipelineName } from './rules/pipeline-name.ts';
import { plainCharacters } from './rules/plain-characters.ts';
import { separatePaths } from './rules/separate-paths.ts';

/** Every rule, in no particular order: findings are sorted by their place. */
export const lintRules: readonly LintRule[] = Object.freeze([
  pipelineName,
  plainCharacters,
  environmentReferences,
  durations,
  allowedPaths,
  separatePaths,
  decodeFitsSource,
  columnsExist,
  mergeNeedsParts,
]);
