import { LineCounter } from 'yaml';
import { type Finding, makeFinding, type Position } from '../errors/finding.ts';
import { parseYaml } from './parse-yaml.ts';
import { readNodes } from './read-nodes.ts';
import { positionOf, SpecPlaces } from './spec-places.ts';

/** Bytes of UTF-8. Read before anything else, so that a huge text costs nothing. */
export const specSizeLimit = 256 * 1024;

export interface SpecReading {
  /** Plain data of the spec; undefined when the text could not be read at all. */
  readonly value?: unknown;
  readonly places: SpecPlaces;
  readonly findings: readonly Finding[];
}

/** Reads a spec text, YAML or JSON, with the place of each part. Never throws. */
export function readSpec(input: string | Uint8Array): SpecReading {
  if (sizeOf(input) > specSizeLimit) {
    return unreadable('SPEC_TOO_LARGE', { limit: specSizeLimit / 1024 });
  }
  const text = typeof input === 'string' ? input : decodeText(input);
  if (text === undefined) {
    return unreadable('SPEC_NOT_UTF8', {}, findBadBytes(input as Uint8Array));
  }
  try {
    return readText(text);
  } catch (error) {
    // The YAML library is not ours: whatever it throws at is, for the author, a text that is not YAML.
    const problem = error instanceof Error ? error.message : 'it cannot be read';
    return unreadable('SPEC_NOT_YAML', { problem });
  }
}

function readText(text: string): SpecReading {
  const { document, findings, lines } = parseYaml(text);
  if (document === undefined || findings.length > 0) {
    return { places: new SpecPlaces(new Map(), text, lines), findings: orEmpty(findings) };
  }
  const { value, records, problems } = readNodes(document.contents, lines);
  const places = new SpecPlaces(records, text, lines);
  if (value === null) {
    return { places, findings: orEmpty([]) };
  }
  const nodeFindings = problems.map((problem) =>
    makeFinding(problem.rule, problem.parameters, {
      ...places.keyAt(problem.path),
      ...positionOf(lines, problem.offset),
    }),
  );
  return { value, places, findings: nodeFindings };
}

function orEmpty(findings: readonly Finding[]): readonly Finding[] {
  const top = { pointer: '', line: 1, column: 1 };
  return findings.length > 0 ? findings : [makeFinding('SPEC_EMPTY', {}, top)];
}

function unreadable(
  rule: 'SPEC_TOO_LARGE' | 'SPEC_NOT_UTF8' | 'SPEC_NOT_YAML',
  parameters: Readonly<Record<string, string | number>>,
  position: Position = { line: 1, column: 1 },
): SpecReading {
  const finding = makeFinding(rule, parameters, { pointer: '', ...position });
  return { places: new SpecPlaces(new Map(), '', new LineCounter()), findings: [finding] };
}

/** A string has at least as many bytes as units, so a long one is refused without encoding it. */
function sizeOf(input: string | Uint8Array): number {
  if (typeof input !== 'string' || input.length > specSizeLimit) {
    return input.length;
  }
  return Buffer.byteLength(input, 'utf8');
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where decoding puts its first replacement character, which a proper text has only by rare choice. */
function findBadBytes(bytes: Uint8Array): Position {
  const [before = ''] = new TextDecoder('utf-8').decode(bytes).split('\ufffd', 1);
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
