import type { LintRule } from '../lint-context.ts';

/** The merger writes rows and dead letters from the sink's parts; without parts it would write nothing. */
export const mergeNeedsParts: LintRule = ({ sink, hasMerge, hasDeadLetters }) => {
  if (sink === undefined || sink.kind.keepsParts) {
    return [];
  }
  const clauses = [hasMerge ? 'merge' : '', hasDeadLetters ? 'dead-letters' : ''];
  return clauses
    .filter((clause) => clause !== '')
    .map((clause) => ({
      rule: 'MERGE_NOT_POSSIBLE',
      parameters: { clause, sink: sink.kind.name },
      path: [clause],
      at: 'key',
    }));
};
