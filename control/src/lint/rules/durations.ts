import { quoteText } from '../../errors/quote-value.ts';
import { durationLimits, parseDuration } from '../../spec/duration.ts';
import { fieldName, type LintRule } from '../lint-context.ts';

export const durations: LintRule = ({ texts }) =>
  texts
    .filter(({ mark, text }) => mark === 'duration' && parseDuration(text) === undefined)
    .map(({ path, text }) => ({
      rule: 'DURATION',
      parameters: { field: fieldName(path), value: quoteText(text), ...durationLimits },
      path,
    }));
