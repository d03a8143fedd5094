import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventSender } from '../event-sender.ts';
import { openFolderSender } from '../folder-sender.ts';
import { describeKafka } from '../kafka-options.ts';
import { openKafkaSender } from '../kafka-sender.ts';
import { systemClock } from '../pace.ts';
import { describeProblem, ProducerError } from '../producer-errors.ts';
import { runService } from '../run-service.ts';
import { openStdoutSender } from '../stdout-sender.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { tellTerminal } from '../terminal.ts';
import { PageFetcher } from './page-fetcher.ts';
import { PageMemory } from './page-memory.ts';
import type { PageSpec } from './page-spec.ts';
import { readPageSpec } from './read-page-spec.ts';
import { rehearse } from './rehearse.ts';
import { SavedPages } from './saved-pages.ts';
import { startScraping } from './scrape-on-schedule.ts';
import { createTally } from './scrape-turn.ts';
import { printFindings } from './spec-finding.ts';
import { topicOf, type WebPageOptions } from './web-page-options.ts';

/** Scrapes until all turns are done or a signal comes. Throws ProducerError. */
export async function produceWebPage(options: WebPageOptions): Promise<void> {
  const spec = await readSpecFile(options.file);
  const stop = stopOnSignal();
  const asking = { allowPrivate: options.allowPrivate === true, stop };
  const tools = { spec, stop, clock: systemClock, wallClock: Date.now, random: Math.random };
  const fetcher = new PageFetcher({ ...tools, ...asking });
  const onNotice = (sentence: string): void => tellTerminal(`produce: ${sentence}`);
  if (options.dryRun === true) {
    await rehearse({ spec, fetcher, print: (text) => process.stdout.write(`${text}\n`), onNotice });
    return;
  }
  const { fingerprint, page, remember: limit } = spec;
  const file = join(options.state, `${page}.memory`);
  const memory = await PageMemory.open({ file, limit, fingerprint });
  const saved = new SavedPages(join(options.state, 'saved'), page);
  const sender = await openSender(options, spec);
  const tally = createTally();
  const scraping = { ...tools, fetcher, memory, saved, sender, tally, onNotice };
  const { counts, done } = startScraping(scraping, options.count);
  const figures = (): Readonly<Record<string, number>> => {
    const { pages, unchanged, broken, refusedRows } = counts();
    return { pages, unchanged, broken, refused_rows: refusedRows, remembered_keys: memory.size };
  };
  await runService(
    { name: `web-page:${page}`, counts, figures, done, close: () => sender.close() },
    options,
  );
}

async function readSpecFile(file: string): Promise<PageSpec> {
  const text = await readFile(file, 'utf8').catch((caught: unknown) => {
    throw new ProducerError('PAGE_UNREADABLE', { file, problem: describeProblem(caught) });
  });
  const { spec, findings } = readPageSpec(text);
  if (spec === undefined) {
    const list = printFindings(file, findings);
    throw new ProducerError('PAGE_WRONG', { file, number: findings.length, findings: list });
  }
  return spec;
}

async function openSender(options: WebPageOptions, { page }: PageSpec): Promise<EventSender> {
  const { folder = '', bucket = '', prefix } = options;
  switch (options.to) {
    case 'kafka':
      return await openKafkaSender(describeKafka({ ...options, topic: topicOf(options, page) }));
    case 'folder':
      return await openFolderSender({ folder, prefix: page });
    case 's3': {
      // The SDK is large, and only this needs it.
      const { openBucketSender } = await import('../bucket-sender.ts');
      return openBucketSender({ bucket, prefix }, page);
    }
    case 'stdout':
      return openStdoutSender();
  }
}
