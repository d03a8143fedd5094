/** How a text value is written in the source. */
export interface ScalarText {
  readonly style: 'plain' | 'single' | 'double' | 'block';
  readonly value: string;
}

interface Walk {
  readonly source: string;
  readonly style: ScalarText['style'];
  at: number;
}

/**
 * How many source characters after a scalar's start the character `offset` of its value stands. Follows
 * doubled quotes, escapes, folded lines and block indentation. Falls back to the scalar's start when the
 * source does not match, so that a finding is near rather than lost.
 */
export function offsetInScalar(
  source: string,
  record: { readonly value: number; readonly scalar?: ScalarText },
  offset: number,
): number {
  const { scalar } = record;
  if (scalar === undefined || offset <= 0) {
    return 0;
  }
  const walk: Walk = { source, style: scalar.style, at: textStart(source, record.value, scalar) };
  let index = 0;
  while (index < Math.min(offset, scalar.value.length)) {
    const width = step(walk, scalar.value, index);
    if (width === undefined) {
      return 0;
    }
    index += width;
  }
  skipBreaks(walk, scalar.value, index);
  return walk.at - record.value;
}

function textStart(source: string, start: number, scalar: ScalarText): number {
  if (scalar.style === 'plain') {
    return start;
  }
  return scalar.style === 'block' ? source.indexOf('\n', start) + 1 : start + 1;
}

/** Moves over one character, or one folded line break; returns how much of the value that was, if it fits. */
function step(walk: Walk, value: string, index: number): number | undefined {
  const character = value.charAt(index);
  if (walk.style === 'double' && walk.source[walk.at] === '\\') {
    return stepEscape(walk);
  }
  if (isBlank(character) && isBlank(walk.source.charAt(walk.at))) {
    return stepBlanks(walk, value, index);
  }
  skipBreaks(walk, value, index);
  if (walk.source.charAt(walk.at) !== character) {
    return undefined;
  }
  walk.at += walk.style === 'single' && character === "'" ? 2 : 1;
  return 1;
}

/** Blanks around a line break may have become fewer or more; others stand for themselves. */
function stepBlanks(walk: Walk, value: string, index: number): number {
  const end = endOfBlanks(walk.source, walk.at);
  if (!walk.source.slice(walk.at, end).includes('\n')) {
    walk.at += 1;
    return 1;
  }
  walk.at = end;
  return endOfBlanks(value, index) - index;
}

/** A block's indentation stands before the value's first character without being part of it. */
function skipBreaks(walk: Walk, value: string, index: number): void {
  if (walk.style !== 'double' && !isBlank(value.charAt(index))) {
    walk.at = endOfBlanks(walk.source, walk.at);
  }
}

/** Widths of the escapes that name a character by number (YAML 1.2, section 5.7). */
const numberEscapes: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** An escaped line break adds nothing to the value. */
function stepEscape(walk: Walk): number {
  const letter = walk.source.charAt(walk.at + 1);
  if (letter === '\n' || letter === '\r') {
    walk.at = endOfBlanks(walk.source, walk.at + 1);
    return 0;
  }
  const width = numberEscapes[letter] ?? 2;
  const code = Number.parseInt(walk.source.slice(walk.at + 2, walk.at + width), 16);
  walk.at += width;
  return code > 0xffff ? 2 : 1;
}

function endOfBlanks(text: string, start: number): number {
  let end = start;
  while (isBlank(text.charAt(end))) {
    end += 1;
  }
  return end;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
