import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { mergePending } from './merge-once.ts';

const spectrum = join(dirname(createRequire(import.meta.url).resolve('csv-spectrum')), 'csvs');
const cases = readdirSync(spectrum).map((name) => ({
  name,
  bytes: readFileSync(join(spectrum, name)),
}));

/** Awkward fields as they stand in a file, each with what a reader must see. */
const fields: readonly (readonly [string, string])[] = [
  ['', ''],
  ['""', ''],
  ['"a ""b"" c"', 'a "b" c'],
  ['""""', '"'],
  ['"two\nlines"', 'two\nlines'],
  ['"two\r\nlines"', 'two\r\nlines'],
  ['"a,b"', 'a,b'],
  ['back\\slash', 'back\\slash'],
  ['"ends with a backslash\\"', 'ends with a backslash\\'],
  ['é 水 🚰', 'é 水 🚰'],
  ['nul\0inside', 'nul\0inside'],
  [' blanks ', ' blanks '],
  ['=1+1', '=1+1'],
  ['+1', '+1'],
  ['-5', '-5'],
  ['@cmd', '@cmd'],
  ['\tx', '\tx'],
];

async function mergeParts(parts: readonly Buffer[], header: 'present' | 'absent') {
  const disk = new SimulatedDisk();
  const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
  spark.commit(Object.fromEntries(parts.map((bytes, n) => [`part-${n}.csv`, bytes])));
  const result = await mergePending(
    { port: disk },
    { directory: '/out', into: '/m/r.csv', header },
  );
  expect(result.quarantined).toEqual([]);
  return { bytes: disk.peek('/m/r.csv') ?? Buffer.alloc(0), rows: result.rows };
}

const read = (bytes: Buffer) =>
  parse(bytes, { relax_column_count: true, relax_quotes: true }) as string[][];

describe('CSV of all sorts', () => {
  it.each(cases)('comes through byte-true and row by row: $name', async ({ bytes }) => {
    const [header, ...rows] = read(bytes);
    const merged = await mergeParts([bytes, bytes, bytes], 'present');
    expect(read(merged.bytes)).toEqual([header, ...rows, ...rows, ...rows]);
    expect(merged.rows).toBe(rows.length * 3);
    const whole = bytes.at(-1) === 0x0a ? bytes : undefined;
    if (whole) expect(merged.bytes.subarray(0, whole.length)).toEqual(whole);
  });

  it.each(fields)('F13: keeps the field %j, which is read as %j', async (field, value) => {
    const part = Buffer.from(`k,v,w\n1,${field},x\n${field === '' ? '2' : field},b,c\n`);
    const { bytes, rows } = await mergeParts([part, part], 'present');
    expect(rows).toBe(4);
    expect(bytes.toString()).toBe(`${part}${part.subarray('k,v,w\n'.length)}`);
    expect(read(bytes)[1]).toEqual(['1', value, 'x']);
  });

  it('F13: keeps bytes that are not valid UTF-8', async () => {
    const part = Buffer.concat([
      Buffer.from('id\n"'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from('"\n'),
    ]);
    const { bytes } = await mergeParts([part, part], 'present');
    expect(bytes).toEqual(Buffer.concat([part, part.subarray(3)]));
  });

  it('F13: keeps a field of 10 MB', async () => {
    const row = `"${'a,"",\n'.repeat(1_700_000)}"\n`;
    const { bytes, rows } = await mergeParts(
      [Buffer.from(`id\n${row}`), Buffer.from('id\n1\n')],
      'present',
    );
    expect(rows).toBe(2);
    expect(bytes.equals(Buffer.from(`id\n${row}1\n`))).toBe(true);
  });

  it('F47: leaves cells that begin like a formula as they are', async () => {
    const cells = ['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)', '\tx', '-5'];
    const text = `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\n')}\n`;
    const { bytes } = await mergeParts([Buffer.from(`v\n${text}`)], 'present');
    expect(bytes.toString()).toBe(`v\n${text}`);
    expect(read(bytes).flat().slice(1)).toEqual(cells);
  });
});
