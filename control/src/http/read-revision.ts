import { SluiceError } from '../errors/sluice-error.ts';

/** The revision in an If-Match header, `"3"`; undefined without the header or for `*`. Throws PARAMETER_INVALID. */
export function readRevision(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const revision = /^"([1-9]\d{0,14})"$/.exec(header)?.[1];
  if (revision !== undefined) return Number(revision);
  const problem = `If-Match is ${JSON.stringify(header.slice(0, 100))}, not an ETag of this API`;
  throw new SluiceError('PARAMETER_INVALID', { problem });
}
