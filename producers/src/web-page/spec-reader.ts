import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { nearestName } from './nearest-name.ts';
import type { SpecFinding } from './spec-finding.ts';

const MOST_CHARACTERS = 64 * 1024;
const MOST_SYNTAX_FINDINGS = 5;

/** What to say about a place; found and wanted are sentences. */
export interface Complaint {
  readonly found: string;
  readonly wanted: string;
  readonly next?: string;
}

/** The fields of a mapping by their names. */
export type SpecFields = ReadonlyMap<string, Node>;

/** Reads the nodes of a YAML text and collects what is wrong with them. Nothing in the text makes it throw. */
export class SpecReader {
  readonly findings: SpecFinding[] = [];
  readonly #lines = new LineCounter();

  /** The top of the text, or undefined with findings. */
  open(text: string): Node | undefined {
    if (text.length > MOST_CHARACTERS) {
      this.#say(0, {
        found: `The file has ${text.length} characters.`,
        wanted: `It may have ${MOST_CHARACTERS}.`,
      });
      return undefined;
    }
    try {
      return this.#parse(text);
    } catch (caught) {
      // What nests too deeply overflows the library's stack.
      const problem = caught instanceof Error ? caught.message : String(caught);
      this.#say(0, { found: `The file cannot be read (${problem}).`, wanted: 'It must be YAML.' });
      return undefined;
    }
  }

  complain(node: Node | undefined, complaint: Complaint): undefined {
    this.#say(node?.range?.[0] ?? 0, complaint);
    return undefined;
  }

  /** The fields of a mapping, without those that are unknown or twice there, which are findings. */
  fields(node: Node, what: string, known: readonly string[]): SpecFields | undefined {
    if (!isMap(node)) {
      return this.complain(node, {
        found: `${capital(what)} is ${describeNode(node)}.`,
        wanted: `It must be a mapping of ${known.length > 0 ? known.join(', ') : 'names'}.`,
      });
    }
    const fields = new Map<string, Node>();
    for (const { key, value } of node.items) {
      const place = key as Node;
      const name = isScalar(place) ? String(place.value) : undefined;
      if (name === undefined || (known.length > 0 && !known.includes(name))) {
        this.#refuseUnknown(place, what, known);
      } else if (fields.has(name)) {
        this.complain(place, {
          found: `${name} is there twice.`,
          wanted: 'It may be there once.',
          next: 'Remove one of them.',
        });
      } else {
        fields.set(name, (value as Node | null) ?? place);
      }
    }
    return fields;
  }

  /** Undefined without a finding when the node is absent. */
  text(node: Node | undefined, name: string): string | undefined {
    if (node === undefined) {
      return undefined;
    }
    if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') {
      return node.value;
    }
    return this.complain(node, {
      found: `${name} is ${describeNode(node)}.`,
      wanted: 'It must be some text.',
    });
  }

  whole(
    node: Node | undefined,
    name: string,
    [from, to]: readonly [number, number],
  ): number | undefined {
    const value = isScalar(node) ? node.value : undefined;
    if (
      node === undefined ||
      (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to)
    ) {
      return value as number | undefined;
    }
    return this.complain(node, {
      found: `${name} is ${describeNode(node)}.`,
      wanted: `It must be a whole number from ${from} to ${to}.`,
    });
  }

  flag(node: Node | undefined, name: string): boolean | undefined {
    const value = isScalar(node) ? node.value : undefined;
    if (node === undefined || typeof value === 'boolean') {
      return value as boolean | undefined;
    }
    return this.complain(node, {
      found: `${name} is ${describeNode(node)}.`,
      wanted: 'It must be true or false.',
    });
  }

  /** A list of nodes, of which a single one may stand alone. */
  list(node: Node): readonly Node[] {
    return isSeq(node) ? (node.items as Node[]) : [node];
  }

  #parse(text: string): Node | undefined {
    const document = parseDocument(text, {
      lineCounter: this.#lines,
      uniqueKeys: false,
      prettyErrors: false,
      version: '1.2',
    });
    for (const { message, pos } of document.errors.slice(0, MOST_SYNTAX_FINDINGS)) {
      this.#say(pos[0], {
        found: `This is no YAML: ${message.replace(/\.$/, '')}.`,
        wanted: 'It must be YAML 1.2.',
      });
    }
    // Nothing here is large enough to need aliases, which can make a small text huge.
    const alias = document.errors.length === 0 ? findAlias(document.contents) : undefined;
    if (alias !== undefined) {
      this.complain(alias, { found: 'This is an alias.', wanted: 'Aliases are not taken.' });
    }
    return this.findings.length > 0 ? undefined : (document.contents ?? undefined);
  }

  #refuseUnknown(node: Node, what: string, known: readonly string[]): void {
    const name = isScalar(node) ? String(node.value) : 'a key that is no text';
    const nearest = nearestName(name, known);
    this.complain(node, {
      found: `${name} is no field of ${what}.`,
      wanted: `Its fields are ${known.join(', ')}.`,
      next: nearest === undefined ? 'Remove it.' : `Did you mean ${nearest}?`,
    });
  }

  #say(offset: number, { found, wanted, next = 'Correct it.' }: Complaint): void {
    const { line, col } = this.#lines.linePos(offset);
    this.findings.push({
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      message: `${found} ${wanted}`,
      hint: next,
    });
  }
}

export function describeNode(node: Node): string {
  if (isScalar(node)) {
    return node.value === null ? 'empty' : JSON.stringify(node.value);
  }
  if (isAlias(node)) {
    return 'an alias';
  }
  return isMap(node) ? 'a mapping' : 'a list';
}

function findAlias(node: unknown): Node | undefined {
  const parts = isMap(node)
    ? node.items.flatMap(({ key, value }) => [key, value])
    : isSeq(node)
      ? node.items
      : [];
  return isAlias(node)
    ? node
    : parts.map(findAlias).find((alias): alias is Node => alias !== undefined);
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
