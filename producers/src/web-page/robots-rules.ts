import { createRequire } from 'node:module';
import { type HttpAnswer, HttpFailure, type HttpFailureReason } from '../http-get.ts';

/** RFC 9309 asks to read at least so much of it, and not to keep it longer than a day. */
const MOST_BYTES = 500 * 1024;
const KEPT_MS = 3_600_000;
const LONGEST_DELAY_MS = 300_000;

/** These say nothing about the rules. */
const FINAL: readonly HttpFailureReason[] = ['refused', 'stopped'];

interface Robot {
  isAllowed(url: string, agent: string): boolean | undefined;
  getCrawlDelay(agent: string): number | undefined;
}
// The package declares a default export that Node does not find in it.
const parseRobots: (url: string, text: string) => Robot = createRequire(import.meta.url)(
  'robots-parser',
);

/** What the owner of a site says about programs. */
export type RobotsVerdict =
  | { readonly kind: 'allowed'; readonly delayMs: number }
  | { readonly kind: 'forbidden' }
  /** It could not be read, which forbids everything until it can (RFC 9309, section 2.3.1.4). */
  | { readonly kind: 'unknown'; readonly problem: string };

export interface RobotsSettings {
  /** The name by which robots.txt knows us. */
  readonly agent: string;
  /** Gets a robots.txt, following redirects. Throws HttpFailure. */
  readonly get: (url: URL, maxBytes: number) => Promise<HttpAnswer>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

interface Kept {
  readonly robot: Robot;
  readonly until: number;
}

/** Reads robots.txt of each site once an hour. */
export class RobotsRules {
  readonly #settings: RobotsSettings;
  readonly #kept = new Map<string, Kept>();

  constructor(settings: RobotsSettings) {
    this.#settings = settings;
  }

  /** Throws HttpFailure when the site may not be asked at all. */
  async judge(url: URL): Promise<RobotsVerdict> {
    const { agent, now } = this.#settings;
    let kept = this.#kept.get(url.origin);
    if (kept === undefined || kept.until <= now()) {
      const read = await this.#read(url);
      if (typeof read === 'string') {
        return { kind: 'unknown', problem: read };
      }
      kept = { robot: read, until: now() + KEPT_MS };
      this.#kept.set(url.origin, kept);
    }
    if (kept.robot.isAllowed(url.href, agent) === false) {
      return { kind: 'forbidden' };
    }
    const delayMs = (kept.robot.getCrawlDelay(agent) ?? 0) * 1000;
    return { kind: 'allowed', delayMs: Math.min(Math.max(delayMs, 0), LONGEST_DELAY_MS) };
  }

  /** The problem instead, when it cannot be read. */
  async #read(url: URL): Promise<Robot | string> {
    const address = new URL('/robots.txt', url);
    try {
      const { status, body } = await this.#settings.get(address, MOST_BYTES);
      if (status >= 200 && status < 300) {
        return parseRobots(address.href, body.toString('utf8'));
      }
      // Without rules everything is allowed; a server that is broken may have rules.
      return status >= 400 && status < 500 && status !== 429
        ? parseRobots(address.href, '')
        : `robots.txt is answered with status ${status}`;
    } catch (caught) {
      if (caught instanceof HttpFailure && !FINAL.includes(caught.reason)) {
        return `robots.txt: ${caught.message}`;
      }
      throw caught;
    }
  }
}
