import type { HttpAnswer } from '../http-get.ts';
import { readRetryAfter } from '../retry-after.ts';

/** Statuses below 500 that may be better the next time. */
const TRANSIENT_STATUSES = [408, 425, 429];
const LONGEST_PROBLEM = 200;

/** What an answer of the markets is worth. Problems are the server's words, on one line and cut short. */
export type Verdict =
  | { readonly kind: 'coins'; readonly coins: number; readonly list: string }
  | { readonly kind: 'again'; readonly problem: string; readonly waitMs: number | undefined }
  | { readonly kind: 'refused' | 'broken'; readonly problem: string };

export interface Judging {
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** Taken out of what the server complains about, which may repeat it. */
  readonly key: string | undefined;
}

/**
 * Takes a page for data only when it is an array of objects with an id, because the API is known to answer errors with
 * status 200. `list` is what stands between the brackets, on one line and otherwise as it came: numbers keep digits
 * that JavaScript would lose. A 200 that is broken is not tried again, since each 200 is charged.
 */
export function judgeAnswer(answer: HttpAnswer, { wallMs, key }: Judging): Verdict {
  const { status } = answer;
  const text = decode(answer.body);
  const content = parse(text);
  if (status === 200 && text !== undefined && isListOfCoins(content)) {
    return { kind: 'coins', coins: content.length, list: takeList(text) };
  }
  const code = status === 200 ? readErrorCode(content) : status;
  const said = status === code ? `${status}` : `${status} with error ${code}`;
  const problem = `${said}: ${clean(tell(answer, content), key)}`;
  if (TRANSIENT_STATUSES.includes(code) || (code >= 500 && code < 600)) {
    return { kind: 'again', problem, waitMs: readRetryAfter(answer.headers, wallMs) };
  }
  return { kind: status >= 300 ? 'refused' : 'broken', problem };
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isListOfCoins(content: unknown): content is readonly unknown[] {
  return Array.isArray(content) && content.every(isCoin);
}

function isCoin(one: unknown): boolean {
  const id = readField(one, 'id');
  return typeof id === 'string' && id !== '';
}

/** Line ends cannot be part of a JSON string, so outside of strings they are nothing but layout. */
function takeList(text: string): string {
  return text
    .trim()
    .slice(1, -1)
    .replaceAll(/[\r\n]+/g, ' ')
    .trim();
}

/** `{"status":{"error_code":429,...}}` is how the API says with status 200 that it has no data. */
function readErrorCode(content: unknown): number {
  const code = readField(readField(content, 'status'), 'error_code');
  return typeof code === 'number' ? code : 200;
}

function tell(answer: HttpAnswer, content: unknown): string {
  if (answer.status >= 300 && answer.status < 400) {
    return `a redirect, which is not followed, to ${answer.headers.location ?? 'nowhere'}`;
  }
  const fields = [
    readField(readField(content, 'status'), 'error_message'),
    readField(content, 'error'),
    readField(content, 'message'),
  ];
  const sentence = fields.find((field) => typeof field === 'string');
  return sentence ?? describeContent(answer, content);
}

function describeContent(answer: HttpAnswer, content: unknown): string {
  if (Array.isArray(content)) {
    return 'an array in which not everything is an object with an id';
  }
  const start = answer.body.subarray(0, 10 * LONGEST_PROBLEM).toString('utf8');
  const kind = content === undefined ? 'no JSON' : 'no array';
  return start.trim() === '' ? 'an empty body' : `${kind} but ${start}`;
}

/** One line for a terminal, whose cursor control characters could move. The key goes before anything is cut. */
function clean(text: string, key: string | undefined): string {
  const silent = key === undefined ? text : text.replaceAll(key, '(key)');
  const line = silent
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > LONGEST_PROBLEM ? `${line.slice(0, LONGEST_PROBLEM)}...` : line;
}

function readField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
    return undefined;
  }
  return Reflect.get(value, name);
}
