import type { IncomingHttpHeaders } from 'node:http';

/**
 * Milliseconds that an answer asks to wait before the next try: `Retry-After` in seconds or as an HTTP date (RFC 9110,
 * section 10.2.3). Undefined when it does not ask, or not readably. A date is counted from the answer's own `Date`,
 * because our clock may differ from the server's; `wallMs` is our clock, for answers without one.
 */
export function readRetryAfter(headers: IncomingHttpHeaders, wallMs: number): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) {
    return Number(text) * 1000;
  }
  const until = readDate(text);
  return until === undefined ? undefined : Math.max(until - (readDate(headers.date) ?? wallMs), 0);
}

/** Date.parse alone would take a bare year or a negative number for a date. */
function readDate(text = ''): number | undefined {
  const milliseconds = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
