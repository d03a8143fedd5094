import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html, startWebSite, type WebSite } from '../../../producers/src/web-page/web-site.ts';
import { JourneyStage } from './journey-stage.ts';

const root = resolve(import.meta.dirname, '../../..');
const quotes = [
  { text: 'A "quote", with a comma.', author: 'Woolf', tags: 'a,b' },
  { text: '名言 über alles', author: 'Kafka', tags: '' },
  { text: 'The third.', author: 'Wilde', tags: 'c' },
];

// The page is played on this machine; everything behind it is real.
describe('quotes of a web page, from HTML to one CSV', () => {
  let stage: JourneyStage;
  let site: WebSite;

  beforeAll(async () => {
    site = await startWebSite({
      '/': html(drawPage(quotes.slice(0, 2), '/page/2/')),
      '/page/2/': html(drawPage(quotes.slice(2))),
    });
    stage = await JourneyStage.open('web-quotes');
    await stage.ask('PUT', '/api/v1/pipelines/web-quotes', await stage.readSpec());
  });
  afterAll(async () => {
    await stage?.close();
    await site?.close();
  });

  it('shows the rows of all pages as a table before anything is sent', async () => {
    const { stdout, code } = await scrape('--dry-run');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(quotes.length + 1);
    expect(stdout).toContain('A "quote", with a comma.');
  });

  it('merges each row once, and a row that has changed once more', async () => {
    expect((await scrape('--count', '1')).code).toBe(0);
    await stage.start();
    await expectRows(quotes);
    const changed = { text: 'The third.', author: 'Wilde', tags: 'c,d' };
    site.play('/page/2/', html(drawPage([changed])));
    expect((await scrape('--count', '1')).code).toBe(0);
    await expectRows([...quotes, changed]);
    const { observed } = await stage.stop();
    expect(observed.state).toBe('STOPPED');
  });

  async function expectRows(expected: typeof quotes): Promise<void> {
    await stage.waitFor(`${expected.length} merged rows`, ({ merge }) => {
      return (merge?.rows?.rows ?? 0) >= expected.length;
    });
    const [header, ...rows] = parse(await readFile(join(stage.folder, 'web-quotes.csv')));
    expect(header).toEqual(['author', 'text', 'tags', 'about', 'seenAt']);
    const cells = ({ author, text, tags }: (typeof quotes)[number]) =>
      [author, text, tags, `${site.url}/author/${author}`].join('|');
    expect(rows.map((row) => row.slice(0, 4).join('|')).sort()).toEqual(expected.map(cells).sort());
    expect(rows.every((row) => /^20\d\d-\d\d-\d\d/.test(row[4] ?? ''))).toBe(true);
  }

  /** Runs the producer with the sample's description, at the site of this test. */
  async function scrape(...args: readonly string[]) {
    const file = join(stage.folder, 'quotes.yaml');
    const sample = await readFile(join(root, 'producers/samples/quotes.yaml'), 'utf8');
    await writeFile(file, sample.replace('https://quotes.toscrape.com', site.url));
    const program = join(root, 'producers/src/produce.ts');
    const state = ['--state', join(stage.folder, 'web-pages'), '--allow-private'];
    const child = spawn(process.execPath, [program, 'web-page', file, ...state, ...args], {
      env: { ...process.env, KAFKA_SERVERS: stage.servers },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, stdout };
  }
});

/** A page as the site draws it for which the sample is made. */
function drawPage(rows: typeof quotes, next?: string): string {
  const drawn = rows.map(
    ({ text, author, tags }) =>
      `<div class="quote"><span class="text">“${text}”</span>` +
      `<span>by <small class="author">${author}</small> <a href="/author/${author}">(about)</a></span>` +
      `<div class="tags">Tags: <meta class="keywords" content="${tags}"></div></div>`,
  );
  const link = next === undefined ? '' : `<li class="next"><a href="${next}">Next</a></li>`;
  return `<!DOCTYPE html><html><body>${drawn.join('\n')}<ul>${link}</ul></body></html>`;
}
