import { type Finding, makeFinding } from '../errors/finding.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { readSpec } from '../spec/read-spec.ts';
import type { SpecPlaces } from '../spec/spec-places.ts';
import { buildPipeline } from './build-pipeline.ts';
import type { LintOptions, LintProblem } from './lint-context.ts';
import { type PartsReading, readParts } from './read-parts.ts';
import { lintRules } from './rule-list.ts';

export interface LintResult {
  /** Sorted by position; at most 101, the last one then says how many were left out. */
  readonly findings: readonly Finding[];
  /** Present exactly when no finding is an error. */
  readonly pipeline?: Pipeline;
}

/** More findings than anybody works through at once. */
const mostFindings = 100;

/** Checks a spec text (YAML or JSON; bytes must be UTF-8). Never throws: all it has to say are findings. */
export function lintSpec(text: string | Uint8Array, options: LintOptions): LintResult {
  const reading = readSpec(text);
  if (reading.value === undefined) {
    return { findings: limit(reading.findings) };
  }
  const parts = readParts(reading.value, options);
  const findings = [...reading.findings, ...findAll(parts, reading.places, reading.findings)];
  if (findings.some(({ level }) => level === 'error')) {
    return { findings: limit(findings) };
  }
  const pipeline = buildPipeline(parts.context, parts.spec);
  return { findings: limit(findings), ...(pipeline === undefined ? {} : { pipeline }) };
}

function findAll(
  { context, problems }: PartsReading,
  places: SpecPlaces,
  earlier: readonly Finding[],
): readonly Finding[] {
  // What the reader refused has no proper value, so further words about it would only confuse.
  const refused = new Set(earlier.map(({ pointer }) => pointer));
  return [...problems, ...lintRules.flatMap((rule) => rule(context))]
    .map((problem) => toFinding(problem, places))
    .filter(({ pointer }) => !refused.has(pointer));
}

function toFinding(problem: LintProblem, places: SpecPlaces): Finding {
  const { rule, parameters, path, at, offset, level } = problem;
  const place = at === 'key' ? places.keyAt(path) : places.valueAt(path, offset);
  return makeFinding(rule, parameters, level === undefined ? place : { ...place, level });
}

function limit(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort(
    (left, right) => left.line - right.line || left.column - right.column,
  );
  const rest = sorted.length - mostFindings;
  if (rest <= 0) {
    return sorted;
  }
  const shown = sorted.slice(0, mostFindings);
  const { line, column, pointer } = sorted[mostFindings] ?? { line: 1, column: 1, pointer: '' };
  const parameters = { count: rest, limit: mostFindings };
  return [...shown, makeFinding('FINDINGS_MORE', parameters, { line, column, pointer })];
}
