import { crc32 } from 'node:zlib';
import type { MergeSettings } from './merge-settings.ts';

/** First line of a journal: what the merged file is. */
export interface MergeEntry extends MergeSettings {
  readonly kind: 'merge';
  readonly version: 1;
  /** The Spark output that is merged, an absolute path. */
  readonly source: string;
  readonly begun: string;
}

/** Bytes that stand in the merged file up to `end`, safe on disk since before this entry was written. */
export interface DataEntry {
  readonly bytes: number;
  /** CRC-32 of those bytes, in hexadecimal. */
  readonly crc32: string;
  /** The last of these bytes, where they are too many to be compared at every start. */
  readonly tail?: { readonly bytes: number; readonly crc32: string };
  readonly end: number;
}

export interface HeaderEntry extends DataEntry {
  readonly kind: 'header';
  /** The header record with its line ending, in base64, because it may be no valid text. */
  readonly header: string;
}

export interface PartEntry extends DataEntry {
  readonly kind: 'part';
  readonly part: string;
  /** Bytes of the part, as Spark committed it; `bytes` are fewer when its header was taken off. */
  readonly size: number;
  readonly rows: number;
}

/** The merged file was finished under another name; all entries behind this one are of a new file. */
export interface RotatedEntry {
  readonly kind: 'rotated';
  /** Name of the finished file, beside the merged file. */
  readonly file: string;
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  readonly at: string;
}

/** A part that somebody decided to go without. */
export interface LostEntry {
  readonly kind: 'lost';
  readonly part: string;
  /** Bytes, as committed. */
  readonly size: number;
  /** Why it could not be merged: an error code and its sentence. */
  readonly code: string;
  readonly reason: string;
  /** Who decided it, as `user@host`. */
  readonly by: string;
  readonly at: string;
}

/**
 * `open`: bytes behind the last `end` may be there from now on. `closed`: there are none, so later ones are not ours.
 * `swap`: a rebuilt file is whole and may take the place of the old one.
 */
export interface MarkEntry {
  readonly kind: 'open' | 'closed' | 'swap';
  readonly at: string;
}

export type JournalEntry =
  | MergeEntry
  | HeaderEntry
  | PartEntry
  | RotatedEntry
  | LostEntry
  | MarkEntry;

/** An entry with its line number and that of the first line which was written together with it. */
export interface JournalLine {
  readonly line: number;
  readonly write: number;
  readonly entry: JournalEntry;
}

const prefix = '{"check":"';
const bodyAt = prefix.length + 8 + '",'.length;

/** One line: JSON that begins with the CRC-32 of all that follows in it. */
export function encodeLine({ line, write, entry }: JournalLine): string {
  const body = JSON.stringify({ line, write, ...entry }).slice(1);
  return `${prefix}${checkOf(Buffer.from(body))}",${body}\n`;
}

/** The entry of a line without its newline; undefined when the line is damaged. */
export function decodeLine(bytes: Buffer): JournalLine | undefined {
  const check = bytes.toString('latin1', prefix.length, prefix.length + 8);
  const body = bytes.subarray(bodyAt);
  if (bytes.toString('latin1', 0, bodyAt) !== `${prefix}${check}",`) return undefined;
  if (check !== checkOf(body)) return undefined;
  const { check: _, line, write, ...entry } = JSON.parse(bytes.toString());
  return { line, write, entry };
}

/** CRC-32 as eight hexadecimal digits. */
export function hexOf(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

function checkOf(bytes: Buffer): string {
  return hexOf(crc32(bytes));
}
