import type { ColumnsAfter, KindProblem } from '../kinds/define-kind.ts';
import type { Column } from '../pyspark/spark-type.ts';
import type { SpecPath } from '../spec/spec-places.ts';
import type { LintContext, LintProblem } from './lint-context.ts';

export interface ColumnFlow {
  /** The columns that reach the sink; absent when a step before keeps them from being known. */
  readonly columns?: readonly Column[];
  readonly problems: readonly LintProblem[];
}

/**
 * Follows the columns from the source to the sink. Ends at the first step whose columns cannot be known, so
 * that one wrong name does not bring a finding for each step after it.
 */
export function followColumns(context: LintContext): ColumnFlow {
  const problems: LintProblem[] = [];
  let columns = collect(problems, startColumns(context));
  for (const use of context.transforms ?? []) {
    if (columns !== undefined) {
      const after = use.kind.check(use.config, columns);
      columns = collect(problems, [{ after, path: use.path }]);
    }
  }
  // A wrong transform somewhere makes the columns after it a guess.
  const known = context.transforms === undefined ? undefined : columns;
  if (known !== undefined && context.sink !== undefined) {
    const { kind, config, path } = context.sink;
    problems.push(...toLintProblems(kind.check(config, known), path));
  }
  return known === undefined ? { problems } : { columns: known, problems };
}

interface Step {
  readonly after: ColumnsAfter;
  readonly path: SpecPath;
}

/** Source and decoder are both checked; the columns are those of the last one. */
function startColumns({ source, decode }: LintContext): readonly Step[] {
  const steps: Step[] = [];
  if (source !== undefined) {
    steps.push({ after: source.kind.check(source.config), path: source.path });
  }
  if (decode !== undefined && decode !== 'absent') {
    steps.push({ after: decode.kind.check(decode.config), path: decode.path });
  }
  const isKnown = source?.kind.gives === 'columns' || (decode !== undefined && decode !== 'absent');
  return isKnown ? steps : [...steps, { after: {}, path: [] }];
}

function collect(problems: LintProblem[], steps: readonly Step[]): readonly Column[] | undefined {
  for (const { after, path } of steps) {
    problems.push(...toLintProblems(after.problems ?? [], path));
  }
  return steps.at(-1)?.after.columns;
}

function toLintProblems(problems: readonly KindProblem[], path: SpecPath): readonly LintProblem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}
