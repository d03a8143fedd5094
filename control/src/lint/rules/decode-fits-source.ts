import type { LintRule } from '../lint-context.ts';

export const decodeFitsSource: LintRule = ({ source, decode, hasDeadLetters }) => {
  if (source === undefined || decode === undefined) {
    return [];
  }
  const parameters = { source: source.kind.name };
  const needed = source.kind.gives === 'bytes';
  if (needed && decode === 'absent') {
    return [{ rule: 'DECODE_MISSING', parameters, path: ['source'], at: 'key' }];
  }
  if (!needed && decode !== 'absent') {
    return [{ rule: 'DECODE_NOT_WANTED', parameters, path: ['decode'], at: 'key' }];
  }
  return hasDeadLetters && decode === 'absent'
    ? [{ rule: 'DEAD_LETTERS_NOT_POSSIBLE', parameters: {}, path: ['dead-letters'], at: 'key' }]
    : [];
};
