import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const sources = join(import.meta.dirname, '../aws/src');

describe('what infra/aws makes', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aws-stack-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the committed template, in which cdk-nag finds nothing that is not accepted with a reason', () => {
    run('print-template.ts', ['--check']);
  });

  it('is a zip of the collector with the same bytes each time, in every time zone', () => {
    const zips = ['UTC', 'Asia/Tokyo'].map((zone, place) => {
      const file = join(folder, `${place}.zip`);
      run('print-bundle.ts', [file], { TZ: zone });
      return readFileSync(file);
    });
    expect(zips[0]?.equals(zips[1] ?? Buffer.alloc(0))).toBe(true);
    expect(zips[0]?.length).toBeLessThan(500_000);
  });

  function run(program: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { ...process.env, ...environment };
    execFileSync(process.execPath, [join(sources, program), ...words], { env, stdio: 'pipe' });
  }
});
