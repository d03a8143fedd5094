import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SparkOutput } from '../control/test/fixtures/spark-output.ts';

const header = 'customerId,eventId,deviceId,measure,status,temperature\n';

/** Parts of about so many bytes each, with a log as Spark writes it. Returns their bytes together. */
export function makePartFiles(folder: string, count: number, bytesEach: number): number {
  const spark = new SparkOutput(folder);
  mkdirSync(folder, { recursive: true });
  const entries: string[] = [];
  let all = 0;
  for (let n = 0; n < count; n += 1) {
    const name = `part-${String(n).padStart(5, '0')}.csv`;
    const bytes = Buffer.from(header + rowsOf(n, bytesEach));
    writeFileSync(join(folder, name), bytes);
    entries.push(spark.entry(name, bytes.length));
    all += bytes.length;
  }
  spark.list(entries);
  return all;
}

/** One row in ten has quotes, as device events have them. */
function rowsOf(part: number, bytes: number): string {
  const row = (n: number) => {
    const status = n % 10 === 0 ? `"said ""ok"", twice"` : 'SUCCESS';
    return `CI${part}-${n},e69034${n % 7919}-20c7-4e35,D${n % 50},C,${status},${n % 40}\n`;
  };
  const rows: string[] = [];
  for (let length = 0, n = 0; length < bytes; n += 1) {
    rows.push(row(n));
    length += rows.at(-1)?.length ?? 0;
  }
  return rows.join('');
}
