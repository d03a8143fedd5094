import { followColumns } from '../follow-columns.ts';
import type { LintRule } from '../lint-context.ts';

/** What each kind has to say about its settings and the columns it finds. */
export const columnsExist: LintRule = (context) => followColumns(context).problems;
