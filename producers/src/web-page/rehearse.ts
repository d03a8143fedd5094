import { ProducerError } from '../producer-errors.ts';
import { decodePage } from './decode-page.ts';
import { type Fetched, oneLine, type PageFetcher } from './page-fetcher.ts';
import type { PageSpec } from './page-spec.ts';
import { type PageRow, readRows } from './read-rows.ts';
import { printRowTable } from './row-table.ts';

export interface Rehearsal {
  readonly spec: PageSpec;
  readonly fetcher: Pick<PageFetcher, 'fetch'>;
  readonly print: (text: string) => void;
  readonly onNotice: (sentence: string) => void;
}

/** Reads all pages once and prints their rows; sends and keeps nothing. Throws PAGES_MISSED when one is not good. */
export async function rehearse({ spec, fetcher, print, onNotice }: Rehearsal): Promise<void> {
  const rows: PageRow[] = [];
  let bad = 0;
  for (const start of spec.urls) {
    let url: URL | undefined = start;
    for (let left = spec.next?.pages ?? 1; url !== undefined && left > 0; left -= 1) {
      const read = readPage(await fetcher.fetch(url, undefined), spec);
      rows.push(...read.rows);
      const { href } = url;
      read.problems.forEach((problem) => {
        onNotice(`${href}: ${oneLine(problem)}.`);
      });
      bad += read.problems.length > 0 ? 1 : 0;
      url = read.next;
    }
  }
  print(printRowTable(rows, spec));
  onNotice(`${rows.length} rows; nothing is sent.`);
  if (bad > 0) {
    throw new ProducerError('PAGES_MISSED', { bad: 1, count: 1 });
  }
}

function readPage(fetched: Fetched, spec: PageSpec): ReturnType<typeof readRows> {
  if (fetched.kind !== 'page') {
    const problem = 'problem' in fetched ? fetched.problem : fetched.kind;
    return { rows: [], refused: 0, problems: [problem] };
  }
  const { answer, url } = fetched;
  const decoded = decodePage(answer.body, answer.headers['content-type']);
  return decoded.html === undefined
    ? { rows: [], refused: 0, problems: [decoded.problem] }
    : readRows(decoded.html, url, spec);
}
