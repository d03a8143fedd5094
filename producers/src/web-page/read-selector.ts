import { load } from 'cheerio';
import type { Node } from 'yaml';
import type { SpecReader } from './spec-reader.ts';

/** A CSS selector that the library can read; it may still find nothing. */
export function readSelector(
  reader: SpecReader,
  node: Node | undefined,
  name: string,
): string | undefined {
  const selector = reader.text(node, name);
  if (node === undefined || selector === undefined) {
    return undefined;
  }
  try {
    load('<p></p>')(selector);
    return selector;
  } catch (caught) {
    const problem = caught instanceof Error ? caught.message.replace(/\.$/, '') : String(caught);
    return reader.complain(node, {
      found: `${name} is ${JSON.stringify(selector)} (${problem}).`,
      wanted: 'It must be a CSS selector.',
    });
  }
}
