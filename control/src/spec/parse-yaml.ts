import type { Document } from 'yaml';
import { Composer, type CST, Lexer, LineCounter, type ParsedNode, Parser } from 'yaml';
import { type Finding, makeFinding } from '../errors/finding.ts';
import { positionOf } from './spec-places.ts';

/** More than any spec needs, and far from what makes a recursive reader overflow. */
const deepest = 64;
/** Pieces of text with the blanks between them: twenty times what the longest sensible spec has. */
const mostTokens = 40_000;
/** Enough to correct a text by; a file that is not YAML at all would give one a character. */
const mostSyntaxFindings = 10;

export interface YamlText {
  /** The first document, when the text is YAML so far. */
  readonly document?: Document.Parsed<ParsedNode>;
  readonly findings: readonly Finding[];
  readonly lines: LineCounter;
}

/**
 * Parses YAML 1.2 with its positions. The nesting is watched token by token, before anything recursive sees
 * the text, so that a bomb of brackets costs milliseconds.
 */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const tokens = readTokens(text, lines);
  if ('rule' in tokens) {
    const place = { pointer: '', ...positionOf(lines, tokens.offset) };
    return { findings: [makeFinding(tokens.rule, { limit: tokens.limit }, place)], lines };
  }
  // Own check of double keys: the library's compares each with each, 8 s for the largest allowed spec.
  const composer = new Composer({ uniqueKeys: false, version: '1.2', prettyErrors: false });
  const documents = [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
  return { ...readDocuments(documents, lines), lines };
}

interface Excess {
  readonly rule: 'SPEC_TOO_DEEP' | 'SPEC_TOO_LONG';
  readonly limit: number;
  readonly offset: number;
}

function readTokens(text: string, lines: LineCounter): readonly CST.Token[] | Excess {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The stack holds the document besides its collections and the scalar at hand.
    if (parser.stack.length > deepest + 2) {
      return { rule: 'SPEC_TOO_DEEP', limit: deepest, offset: parser.offset };
    }
    count += 1;
    if (count > mostTokens) {
      return { rule: 'SPEC_TOO_LONG', limit: mostTokens, offset: parser.offset };
    }
  }
  tokens.push(...parser.end());
  return tokens;
}

function readDocuments(
  documents: readonly Document.Parsed[],
  lines: LineCounter,
): Pick<YamlText, 'document' | 'findings'> {
  const [document, second] = documents;
  if (document === undefined) {
    return { findings: [] };
  }
  const findings = [
    ...document.errors.slice(0, mostSyntaxFindings).map((error) => {
      const place = { pointer: '', ...positionOf(lines, error.pos[0]) };
      return makeFinding('SPEC_NOT_YAML', { problem: toSentencePart(error.message) }, place);
    }),
    ...documentFindings(document, second, lines),
  ];
  return { document, findings };
}

function documentFindings(
  document: Document.Parsed,
  second: Document.Parsed | undefined,
  lines: LineCounter,
): readonly Finding[] {
  const findings: Finding[] = [];
  const top = { pointer: '', line: 1, column: 1 };
  if (
    document.directives.yaml.explicit === true ||
    Object.keys(document.directives.tags).length > 1
  ) {
    findings.push(makeFinding('SPEC_TAG', { name: 'of the line that starts with %' }, top));
  }
  if (second !== undefined) {
    const place = { pointer: '', ...positionOf(lines, second.range[0]) };
    findings.push(makeFinding('SPEC_SEVERAL_DOCUMENTS', {}, place));
  }
  return findings;
}

function toSentencePart(message: string): string {
  const text = message.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
  const short = text.length > 160 ? `${text.slice(0, 160)}...` : text;
  return short.replace(/\.$/, '');
}
