import { sep } from 'node:path';
import { absolutePlace, parseObjectPath } from '../storage/place.ts';

/** Where a part lies under the output folder. */
export interface PartPlace {
  /** Below the output folder, with `/`; it identifies a part even when the folder has moved. */
  readonly relativePath: string;
  /** Values of the partition columns; null where Spark wrote a null. */
  readonly partitions: Readonly<Record<string, string | null>>;
}

/** The folder value that stands for null (Hive's convention, which Spark follows). */
const nullFolder = '__HIVE_DEFAULT_PARTITION__';

/**
 * Finds the place of a part from its URI in Spark's sink log. The URI is absolute and percent-encoded once. When
 * the folder has moved since, only the end of the path counts: the file and the `column=value` folders above it.
 * Undefined when the path is not one that can lie under a folder.
 */
export function placePart(uri: string, root: string): PartPlace | undefined {
  const names = namesOf(uri);
  if (names === undefined) return undefined;
  const below = belowRoot(names, namesOfFolder(root));
  return below.length === 0 ? undefined : describe(below);
}

function namesOf(uri: string): readonly string[] | undefined {
  const path = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/[^/]*)?(\/.*)$/is.exec(uri)?.[1];
  if (path === undefined) return undefined;
  const names = path.split('/').filter((name) => name !== '');
  const decoded = names.flatMap(decodeOnce);
  return decoded.length < names.length || path.endsWith('/') ? undefined : decoded;
}

/** The decoded name, or none when it is broken or would lead elsewhere. */
function decodeOnce(name: string): string[] {
  try {
    const decoded = decodeURIComponent(name);
    return decoded === '.' || decoded === '..' || /[/\0]/.test(decoded) ? [] : [decoded];
  } catch {
    return [];
  }
}

function namesOfFolder(root: string): readonly string[] {
  const key = parseObjectPath(root)?.key;
  const names = key?.split('/') ?? absolutePlace(root).split(sep);
  return names.filter((name) => name !== '');
}

function belowRoot(names: readonly string[], root: readonly string[]): readonly string[] {
  if (root.every((name, index) => names[index] === name)) return names.slice(root.length);
  let from = names.length - 1;
  while (from > 0 && isPartition(names[from - 1])) from -= 1;
  // A root that is itself called `column=value` would otherwise count as a partition of its own parts.
  const own = names.lastIndexOf(root.at(-1) ?? '', names.length - 2);
  return names.slice(own >= from ? own + 1 : from);
}

function isPartition(name: string | undefined): boolean {
  return name !== undefined && name.indexOf('=') > 0;
}

function describe(below: readonly string[]): PartPlace {
  const folders = below.slice(0, -1).filter(isPartition);
  return {
    relativePath: below.join('/'),
    partitions: Object.fromEntries(folders.map(partitionOf)),
  };
}

function partitionOf(folder: string): readonly [string, string | null] {
  const at = folder.indexOf('=');
  const value = folder.slice(at + 1);
  return [unescapeValue(folder.slice(0, at)), value === nullFolder ? null : unescapeValue(value)];
}

/** Spark writes characters that are awkward in folder names as `%XX` (ExternalCatalogUtils.escapePathName). */
function unescapeValue(value: string): string {
  return value.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
