import { type Collected, type CollectSettings, collectSnapshot } from './collect-snapshot.ts';
import { DEFAULT_LIMITS, type MarketsSource } from './markets-source.ts';
import { type MarketsStandIn, type Play, startMarketsStandIn } from './markets-stand-in.ts';
import { createSteppedClock } from './stepped-clock.ts';

/** What became of a snapshot asked of the stand-in. */
export interface Rehearsed extends Pick<MarketsStandIn, 'asked' | 'lastHeaders'> {
  readonly outcome: Collected;
  /** Code and sentence of a failure, in which HOST stands for the stand-in; else the kind of outcome. */
  readonly problem: string;
}

/** The wish may name another host for the stand-in's address. */
export type Wish = Partial<CollectSettings> & {
  readonly asks?: Partial<MarketsSource>;
  readonly host?: string;
};

/** Collects one snapshot from a stand-in that gives these plays; waiting takes no time, chance is always a half. */
export async function rehearseSnapshot(
  plays: readonly Play[],
  { asks, host, ...wish }: Wish = {},
): Promise<Rehearsed> {
  const server = await startMarketsStandIn(...plays);
  const { asked, lastHeaders } = server;
  const baseUrl = new URL(server.url.href);
  baseUrl.hostname = host ?? baseUrl.hostname;
  try {
    const outcome = await collectSnapshot({
      source: {
        ...{ baseUrl, vsCurrency: 'usd', perPage: 100, pages: 1 },
        ...{ allowPrivate: true, limits: DEFAULT_LIMITS, ...asks },
      },
      at: new Date('2026-11-24T07:30:00Z'),
      timeMs: 270_000,
      stop: new AbortController().signal,
      clock: createSteppedClock(),
      wallClock: () => 0,
      random: () => 0.5,
      ...wish,
    });
    return { outcome, asked, lastHeaders, problem: problemOf(outcome, baseUrl.host) };
  } finally {
    await server.close();
  }
}

function problemOf(outcome: Collected, host: string): string {
  if (outcome.kind !== 'failed') {
    return outcome.kind;
  }
  const { code, message } = outcome.failure;
  return `${code} ${message}`.replaceAll(host, 'HOST');
}
