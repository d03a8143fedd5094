import { quoteText } from '../errors/quote-value.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { isInside } from '../lint/place-of-path.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { isObjectPath, resolvePlace } from '../storage/place.ts';

/**
 * Lint, which knows no target, took relative paths for paths of this machine. Where they start in a bucket, an
 * address of the same spec may lead to the same place. Throws PATH_COLLISION.
 */
export function checkCollisions(
  { sinkPath, merge, deadLetters }: Pick<Pipeline, 'sinkPath' | 'merge' | 'deadLetters'>,
  workFolder: string,
): void {
  if (!isObjectPath(workFolder)) return;
  const places = [
    { field: 'sink', path: sinkPath },
    { field: 'merge.into', path: merge?.into },
    { field: 'dead-letters.into', path: deadLetters?.into },
  ].flatMap(({ field, path }) =>
    path === undefined ? [] : [{ field, path, place: resolvePlace(path, workFolder) }],
  );
  for (const [index, { field, path, place }] of places.entries()) {
    const other = places
      .slice(0, index)
      .find((earlier) => isInside(place, earlier.place) || isInside(earlier.place, place));
    if (other === undefined) continue;
    const label = `${other.field} (${quoteText(other.path)})`;
    const parameters = { field, path: quoteText(path), other: label, example: `${path}-2` };
    throw new SluiceError('PATH_COLLISION', parameters);
  }
}
