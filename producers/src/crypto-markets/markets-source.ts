import type { HttpLimits } from '../http-get.ts';

/** Where the markets are asked for, and which of them. */
export interface MarketsSource {
  /** Root of the API, as `https://api.coingecko.com/api/v3`. */
  readonly baseUrl: URL;
  readonly vsCurrency: string;
  /** Coins a page, 1 to 250. */
  readonly perPage: number;
  readonly pages: number;
  /** Sent as header `x-cg-demo-api-key`; never part of an address, a message or a log. */
  readonly key?: string | undefined;
  /** Whether addresses of private networks may be asked. */
  readonly allowPrivate: boolean;
  /** For each request. */
  readonly limits: HttpLimits;
}

export const PUBLIC_ROOT = 'https://api.coingecko.com/api/v3';

export const DEFAULT_LIMITS: HttpLimits = Object.freeze({
  maxBytes: 8 * 1024 * 1024,
  connectMs: 10_000,
  totalMs: 30_000,
});

/**
 * The address of one page, counted from 1. Parameters and their names are those of
 * https://docs.coingecko.com/reference/coins-markets.
 */
export function addressPage(source: MarketsSource, page: number): URL {
  const url = new URL(`${source.baseUrl.href.replace(/\/+$/, '')}/coins/markets`);
  url.searchParams.set('vs_currency', source.vsCurrency);
  url.searchParams.set('order', 'market_cap_desc');
  url.searchParams.set('per_page', String(source.perPage));
  url.searchParams.set('page', String(page));
  url.searchParams.set('price_change_percentage', '1h,24h,7d');
  return url;
}

/** A root of an API: http or https, without user, query and fragment; anything else is undefined. */
export function readRootUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && /^https?:$/.test(url.protocol) && !/[?#]/.test(text);
  return plain && url.username === '' && url.password === '' ? url : undefined;
}

/** Whether a text can be a key: 8 to 200 visible ASCII characters. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]{8,200}$/.test(text);
}

/** The headers of every request. */
export function headersFor(source: MarketsSource): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'user-agent': 'sluice-producer',
    ...(source.key === undefined ? {} : { 'x-cg-demo-api-key': source.key }),
  };
}
