import { distance } from 'fastest-levenshtein';

/** A hint for a name that is not there: the one that was probably meant, if one is near. */
export function suggestName(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? 'Use one of those.' : `Did you mean ${nearest}?`;
}

/** The candidate with the fewest changed letters, when these are fewer than half of them. */
function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, changes: changesBetween(name, candidate) }))
    .filter(({ candidate, changes }) => changes <= Math.max(1, candidate.length / 2 - 0.5))
    .sort((left, right) => left.changes - right.changes);
  return ranked[0]?.candidate;
}

/**
 * Letters in another order count as one change, because that is how fingers slip. Names longer than any of ours
 * are cut: the distance takes time by the product of both lengths.
 */
function changesBetween(name: string, candidate: string): number {
  const [left, right] = [name, candidate].map((text) => text.slice(0, 64).toLowerCase());
  return sortLetters(left) === sortLetters(right) ? 1 : distance(left ?? '', right ?? '');
}

function sortLetters(text = ''): string {
  return [...text].sort().join('');
}
