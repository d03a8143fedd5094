import { quoteText } from '../../errors/quote-value.ts';
import { defaultDeadLettersPath } from '../../spec/default-paths.ts';
import type { TextField } from '../../spec/marked-fields.ts';
import type { SpecPath } from '../../spec/spec-places.ts';
import { fieldName, type LintContext, type LintProblem, type LintRule } from '../lint-context.ts';
import { isInside, placeOfPath } from '../place-of-path.ts';

interface Claim {
  readonly path: SpecPath;
  readonly text: string;
  readonly label: string;
  readonly place: string;
}

/** Parts, merged file and dead letters must not lie in each other: each writer takes its place for its own. */
export const separatePaths: LintRule = (context) => {
  const claims = listClaims(context);
  return claims.flatMap((claim, index) => {
    const other = claims.slice(0, index).find((earlier) => overlap(claim.place, earlier.place));
    return other === undefined ? [] : [describeCollision(claim, other)];
  });
};

function listClaims(context: LintContext): readonly Claim[] {
  return [
    ...context.texts.filter(({ mark }) => mark === 'path'),
    ...defaultClaims(context),
  ].flatMap(({ path, text }) => {
    const place = placeOfPath(text, context.options.workFolder);
    const label = `${fieldName(path)} (${quoteText(text)})`;
    return place === undefined ? [] : [{ path, text, label, place }];
  });
}

/** Dead letters take a place also when the spec does not name one. */
function defaultClaims(context: LintContext): readonly TextField[] {
  const sinkPath = context.texts.find(({ path, mark }) => mark === 'path' && path[0] === 'sink');
  const decodes = context.decode !== undefined && context.decode !== 'absent';
  if (sinkPath === undefined || !decodes || context.hasDeadLetters) {
    return [];
  }
  return [{ path: ['dead-letters', 'into'], text: defaultDeadLettersPath(sinkPath.text) }];
}

function overlap(left: string, right: string): boolean {
  return isInside(left, right) || isInside(right, left);
}

function describeCollision(claim: Claim, other: Claim): LintProblem {
  const parameters = {
    field: fieldName(claim.path),
    path: quoteText(claim.text),
    other: other.label,
    example: claim.path[0] === 'merge' ? 'data/all-rows.csv' : 'data/dead-letters.jsonl',
  };
  return { rule: 'PATH_COLLISION', parameters, path: claim.path };
}
