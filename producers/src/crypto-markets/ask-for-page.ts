import { HttpFailure, type HttpFailureReason, httpGet } from '../http-get.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import { addressPage, headersFor, type MarketsSource } from './markets-source.ts';

/** What became of one request. */
export type PageAnswer =
  | Verdict
  | { readonly kind: 'private'; readonly problem: string }
  | { readonly kind: 'stopped' };

export interface PageLimits {
  /** Milliseconds that the request may take. */
  readonly timeMs: number;
  readonly stop: AbortSignal;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
}

/** Asks once for one page, counted from 1. */
export async function askForPage(
  source: MarketsSource,
  page: number,
  { timeMs, stop, wallClock }: PageLimits,
): Promise<PageAnswer> {
  if (stop.aborted) {
    return { kind: 'stopped' };
  }
  try {
    const answer = await httpGet({
      url: addressPage(source, page),
      headers: headersFor(source),
      limits: { ...source.limits, totalMs: timeMs },
      allowPrivate: source.allowPrivate,
      stop,
    });
    return judgeAnswer(answer, { wallMs: wallClock(), key: source.key });
  } catch (caught) {
    if (caught instanceof HttpFailure) {
      return meaningOf[caught.reason](caught.message);
    }
    throw caught;
  }
}

const again = (problem: string): PageAnswer => ({ kind: 'again', problem, waitMs: undefined });
const broken = (problem: string): PageAnswer => ({ kind: 'broken', problem });

const meaningOf: Readonly<Record<HttpFailureReason, (problem: string) => PageAnswer>> = {
  network: again,
  late: again,
  large: broken,
  encoded: broken,
  refused: (problem) => ({ kind: 'private', problem }),
  stopped: () => ({ kind: 'stopped' }),
};
