import { readdirSync } from 'node:fs';
import { SluiceError } from '../errors/sluice-error.ts';
import type {
  DecoderKind,
  Kind,
  KindRole,
  SinkKind,
  SourceKind,
  TransformKind,
} from './define-kind.ts';

/** All kinds by role and name, sorted by name, frozen. */
export interface KindRegistry {
  readonly source: ReadonlyMap<string, SourceKind>;
  readonly decoder: ReadonlyMap<string, DecoderKind>;
  readonly transform: ReadonlyMap<string, TransformKind>;
  readonly sink: ReadonlyMap<string, SinkKind>;
}

/** The kinds that Sluice has: what stands in the four folders beside this file. */
export const kindRegistry: KindRegistry = await scanKinds(new URL('./', import.meta.url));

/**
 * Reads the kinds of a folder with the folders sources, decoders, transforms and sinks; a file there is a kind.
 * @throws KIND_FILE naming the file whose default export is no kind, has another role or another name: a kind
 * that is skipped in silence would be missed only by its users.
 */
export async function scanKinds(folder: URL): Promise<KindRegistry> {
  return Object.freeze({
    source: await scanRole<SourceKind>(folder, 'source'),
    decoder: await scanRole<DecoderKind>(folder, 'decoder'),
    transform: await scanRole<TransformKind>(folder, 'transform'),
    sink: await scanRole<SinkKind>(folder, 'sink'),
  });
}

async function scanRole<Role extends Kind>(
  folder: URL,
  role: KindRole,
): Promise<ReadonlyMap<string, Role>> {
  const place = new URL(`${role}s/`, folder);
  const files = readdirSync(place).filter(isKindFile).sort();
  const kinds = new Map<string, Role>();
  for (const file of files) {
    const kind = await loadKind(new URL(file, place), role, file.replace(/\.ts$/, ''));
    kinds.set(kind.name, kind as Role);
  }
  return kinds;
}

function isKindFile(file: string): boolean {
  return file.endsWith('.ts') && !file.endsWith('.test.ts');
}

async function loadKind(file: URL, role: KindRole, name: string): Promise<Kind> {
  const module: { readonly default?: Partial<Kind> } = await import(file.href);
  const kind = module.default;
  const problem = describeMismatch(kind, role, name);
  if (problem !== undefined) {
    throw new SluiceError('KIND_FILE', { file: file.pathname, problem, role, name });
  }
  return kind as Kind;
}

function describeMismatch(
  kind: Partial<Kind> | undefined,
  role: KindRole,
  name: string,
): string | undefined {
  if (typeof kind !== 'object' || kind === null) {
    return 'has no default export';
  }
  if (kind.role !== role) {
    return `exports a ${kind.role ?? 'thing without role'}`;
  }
  return kind.name === name ? undefined : `exports a kind named ${kind.name}`;
}
