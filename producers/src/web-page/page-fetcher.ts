import {
  type HttpAnswer,
  HttpFailure,
  type HttpFailureReason,
  type HttpQuestion,
  httpGet,
} from '../http-get.ts';
import type { Clock } from '../pace.ts';
import { readRetryAfter } from '../retry-after.ts';
import type { Validators } from './page-memory.ts';
import type { PageSpec } from './page-spec.ts';
import { RobotsRules } from './robots-rules.ts';

/** The name by which robots.txt knows us. */
export const AGENT = 'sluice-producer';
const CONNECT_MS = 10_000;
/** Statuses below 500 that may be better the next time. */
const TRANSIENT_STATUSES = [408, 425, 429];
const REDIRECTS = [301, 302, 303, 307, 308];

/** What became of asking for a page. Problems are on one line. */
export type Fetched =
  | { readonly kind: 'page'; readonly url: URL; readonly answer: HttpAnswer }
  /** The page is as it was when it had these validators. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'again'; readonly problem: string; readonly waitMs?: number | undefined }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'stopped' };

export interface FetcherSettings {
  readonly spec: Pick<PageSpec, 'limits' | 'pauseMs' | 'contact'>;
  /** Whether addresses of private networks may be asked. */
  readonly allowPrivate: boolean;
  readonly stop: AbortSignal;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Asks one question, {@link httpGet} when absent. */
  readonly get?: ((question: HttpQuestion) => Promise<HttpAnswer>) | undefined;
}

/** Asks for pages politely: by robots.txt, one at a time with a pause, and only for what is new. */
export class PageFetcher {
  readonly #settings: FetcherSettings;
  readonly #robots: RobotsRules;
  readonly #free = new Map<string, number>();

  constructor(settings: FetcherSettings) {
    this.#settings = settings;
    this.#robots = new RobotsRules({
      agent: AGENT,
      now: settings.clock.now,
      get: async (url, maxBytes) => {
        const followed = await this.#follow(url, { maxBytes, headers: {}, obey: false });
        return 'answer' in followed ? followed.answer : { status: 404, headers: {}, body: NOTHING };
      },
    });
  }

  /** Never rejects for what the other side does. */
  async fetch(url: URL, known: Validators | undefined): Promise<Fetched> {
    const headers = {
      ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
      ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
    };
    const maxBytes = this.#settings.spec.limits.bytes;
    try {
      const followed = await this.#follow(url, { maxBytes, headers, obey: true });
      return 'answer' in followed ? this.#judge(followed.url, followed.answer) : followed;
    } catch (caught) {
      if (caught instanceof HttpFailure) {
        return meaningOf[caught.reason](caught.message);
      }
      throw caught;
    }
  }

  /** Each hop is guarded, asked about and paced like the first. */
  async #follow(url: URL, asking: Asking): Promise<{ url: URL; answer: HttpAnswer } | Fetched> {
    let place = url;
    for (let hops = 0; hops <= this.#settings.spec.limits.redirects; hops += 1) {
      const hindrance = asking.obey ? await this.#askRobots(place) : undefined;
      if (hindrance !== undefined) {
        return hindrance;
      }
      const answer = await this.#get(place, asking);
      const { location } = answer.headers;
      if (!REDIRECTS.includes(answer.status) || location === undefined) {
        return { url: place, answer };
      }
      const next = URL.canParse(location, place.href) ? new URL(location, place) : undefined;
      if (next === undefined || !mayLeadTo(place, next)) {
        return { kind: 'refused', problem: `a redirect to ${oneLine(location)} is not followed` };
      }
      place = next;
    }
    const { redirects } = this.#settings.spec.limits;
    return { kind: 'refused', problem: `more than ${redirects} redirects` };
  }

  async #askRobots(url: URL): Promise<Fetched | undefined> {
    const verdict = await this.#robots.judge(url);
    switch (verdict.kind) {
      case 'allowed':
        this.#delay(url, verdict.delayMs);
        return undefined;
      case 'forbidden':
        return { kind: 'refused', problem: `robots.txt of ${url.host} forbids ${url.pathname}` };
      case 'unknown':
        return { kind: 'again', problem: verdict.problem };
    }
  }

  /** Crawl-delay counts from the last request to the host, whose pause may be shorter. */
  #delay(url: URL, delayMs: number): void {
    const free = this.#free.get(url.host);
    if (free !== undefined) {
      this.#free.set(url.host, free + Math.max(delayMs - this.#settings.spec.pauseMs, 0));
    }
  }

  async #get(url: URL, { maxBytes, headers }: Asking): Promise<HttpAnswer> {
    const { spec, allowPrivate, stop, clock, get = httpGet } = this.#settings;
    const waitMs = (this.#free.get(url.host) ?? 0) - clock.now();
    if (waitMs > 0) {
      await clock.sleep(Math.ceil(waitMs), stop);
    }
    if (stop.aborted) {
      throw new HttpFailure('stopped', 'stopped');
    }
    try {
      return await get({
        url,
        headers: {
          accept: 'text/html,application/xhtml+xml;q=0.9',
          'user-agent': `${AGENT}/0.1${spec.contact === undefined ? '' : ` (+${spec.contact})`}`,
          ...headers,
        },
        limits: { maxBytes, connectMs: CONNECT_MS, totalMs: spec.limits.timeMs },
        allowPrivate,
        stop,
      });
    } finally {
      this.#free.set(url.host, clock.now() + spec.pauseMs);
    }
  }

  #judge(url: URL, answer: HttpAnswer): Fetched {
    const { status, headers } = answer;
    if (status === 304) {
      return { kind: 'unchanged' };
    }
    if (status === 200) {
      return isHtml(answer)
        ? { kind: 'page', url, answer }
        : {
            kind: 'refused',
            problem: `it is ${oneLine(headers['content-type'] ?? 'nothing')}, no HTML`,
          };
    }
    const problem = `status ${status}`;
    if (TRANSIENT_STATUSES.includes(status) || status >= 500) {
      const waitMs = readRetryAfter(headers, this.#settings.wallClock());
      return { kind: 'again', problem, waitMs };
    }
    return { kind: 'refused', problem };
  }
}

interface Asking {
  readonly maxBytes: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether robots.txt is asked first. */
  readonly obey: boolean;
}

const NOTHING = Buffer.alloc(0);

/** Never from https to http, where others could read and change the page. */
function mayLeadTo(from: URL, to: URL): boolean {
  const safe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  return safe && to.username === '' && to.password === '';
}

/** A server that does not say is believed when the page looks like one. */
function isHtml({ headers, body }: HttpAnswer): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === undefined
    ? /^[\s\ufeff]*</.test(body.subarray(0, 1024).toString('utf8'))
    : type === 'text/html' || type === 'application/xhtml+xml';
}

/** For a terminal, whose cursor control characters could move. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 200);
}

const again = (problem: string): Fetched => ({ kind: 'again', problem });
const refused = (problem: string): Fetched => ({ kind: 'refused', problem });

const meaningOf: Readonly<Record<HttpFailureReason, (problem: string) => Fetched>> = {
  network: again,
  late: again,
  large: refused,
  encoded: refused,
  refused,
  stopped: () => ({ kind: 'stopped' }),
};
