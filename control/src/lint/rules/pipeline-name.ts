import { quoteText } from '../../errors/quote-value.ts';
import type { LintRule } from '../lint-context.ts';

/** The form that file names, topics, URLs and Glue job names all take. */
const form = /^[a-z][a-z0-9-]{0,62}$/;

export const pipelineName: LintRule = ({ name }) =>
  name === undefined || form.test(name)
    ? []
    : [{ rule: 'PIPELINE_NAME', parameters: { name: quoteText(name) }, path: ['pipeline'] }];
