/** The known name that is fewest edits away, when so few that it may be meant. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: countEdits(name.slice(0, 64), candidate) }))
    .toSorted((one, other) => one.distance - other.distance);
  const most = Math.max(Math.floor(name.length / 3), 1) + 1;
  return best !== undefined && best.distance <= most ? best.candidate : undefined;
}

/** Levenshtein's distance of two short texts. */
function countEdits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const change = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
