import { describeValue, quoteText } from '../errors/quote-value.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { suggestName } from '../kinds/nearest-name.ts';
import type { SpecPath } from '../spec/spec-places.ts';
import { checkShape, placeName } from './check-shape.ts';
import type { CheckedUse, LintProblem } from './lint-context.ts';

export interface ResolvedUse<Role extends Kind> {
  readonly use?: CheckedUse<Role>;
  readonly problems: readonly LintProblem[];
}

/** Finds the kind that a place of the spec names and checks its settings' shape. */
export function resolveKind<Role extends Kind>(
  kinds: ReadonlyMap<string, Role>,
  slot: unknown,
  path: SpecPath,
): ResolvedUse<Role> {
  const names = [...kinds.keys()];
  if (typeof slot !== 'object' || slot === null || Array.isArray(slot)) {
    const wanted = `a mapping with one of these fields: ${names.join(', ')}`;
    const parameters = { field: placeName(path), found: describeValue(slot), wanted };
    return { problems: [{ rule: 'FIELD_TYPE', parameters, path }] };
  }
  const [entry, second] = Object.entries(slot);
  if (entry === undefined || second !== undefined) {
    return { problems: [wrongCount(Object.keys(slot).length, names, path)] };
  }
  return resolveEntry(kinds, entry, path);
}

function resolveEntry<Role extends Kind>(
  kinds: ReadonlyMap<string, Role>,
  [name, given]: readonly [string, unknown],
  path: SpecPath,
): ResolvedUse<Role> {
  const kind = kinds.get(name);
  const inner = [...path, name];
  if (kind === undefined) {
    const names = [...kinds.keys()];
    const parameters = {
      role: roleOf(kinds),
      name: quoteText(name),
      kinds: names.join(', '),
      suggestion: suggestName(name, names),
    };
    return { problems: [{ rule: 'KIND_UNKNOWN', parameters, path: inner, at: 'key' }] };
  }
  // `console:` with nothing behind it means the kind with its defaults.
  const { value, problems } = checkShape(kind.schema, given ?? {}, inner);
  return problems.length > 0
    ? { problems }
    : { use: { kind, config: value, path: inner }, problems };
}

function wrongCount(count: number, names: readonly string[], path: SpecPath): LintProblem {
  const parameters = {
    place: placeName(path),
    count: count === 0 ? 'no' : count,
    example: `${names[0]}: ...`,
    kinds: names.join(', '),
  };
  return { rule: 'KIND_COUNT', parameters, path };
}

function roleOf(kinds: ReadonlyMap<string, Kind>): string {
  return [...kinds.values()][0]?.role ?? '';
}
