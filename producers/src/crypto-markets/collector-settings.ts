import { ProducerError } from '../producer-errors.ts';
import { DEFAULT_LIMITS, type MarketsSource, PUBLIC_ROOT, readRootUrl } from './markets-source.ts';

/** What the environment of the collector's function says, checked. */
export interface CollectorSettings {
  readonly bucket: string;
  readonly prefix: string;
  /** Where the key is kept; without one the API is asked as everybody may ask it. */
  readonly keyParameter: string | undefined;
  readonly source: MarketsSource;
}

/** Reads BUCKET, PREFIX, PAGES, COINGECKO_URL, ALLOW_PRIVATE and KEY_PARAMETER. Throws SETTING_INVALID. */
export function readCollectorSettings(environment: NodeJS.ProcessEnv): CollectorSettings {
  const bucket = environment.BUCKET ?? '';
  if (bucket === '') {
    throw new ProducerError('SETTING_INVALID', { name: 'BUCKET', value: '""', wanted: 'a bucket' });
  }
  return {
    bucket,
    prefix: environment.PREFIX ?? 'finance/',
    keyParameter: environment.KEY_PARAMETER || undefined,
    source: readSource(environment),
  };
}

function readSource(environment: NodeJS.ProcessEnv): MarketsSource {
  const allowPrivate = environment.ALLOW_PRIVATE === 'true';
  return {
    baseUrl: readRoot(environment.COINGECKO_URL || PUBLIC_ROOT, allowPrivate),
    vsCurrency: 'usd',
    perPage: 100,
    pages: readPages(environment.PAGES || '1'),
    allowPrivate,
    limits: DEFAULT_LIMITS,
  };
}

/** Without TLS everybody on the way could read the key and change the prices. */
function readRoot(text: string, allowPrivate: boolean): URL {
  const url = readRootUrl(text);
  if (url === undefined || (url.protocol === 'http:' && !allowPrivate)) {
    throw new ProducerError('SETTING_INVALID', {
      name: 'COINGECKO_URL',
      value: JSON.stringify(text),
      wanted: 'the https address of an API without user, query and fragment',
    });
  }
  return url;
}

function readPages(text: string): number {
  if (!/^\d{1,2}$/.test(text) || Number(text) === 0) {
    const value = JSON.stringify(text);
    throw new ProducerError('SETTING_INVALID', { name: 'PAGES', value, wanted: '1 to 99' });
  }
  return Number(text);
}
