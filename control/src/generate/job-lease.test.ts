import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaseDefinitions } from './job-lease.ts';

const fixtures = join(import.meta.dirname, '../../test/fixtures');
const imports =
  'import contextlib, json, os, re, sys, threading, time\nfrom datetime import datetime, timezone\n';
let folder: string;
let code: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lease-'));
  code = join(folder, 'lease.py');
  writeFileSync(code, [imports, ...leaseDefinitions()].join('\n\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('one contender against what it finds', () => {
  let answers: Readonly<Record<string, readonly unknown[]>>;

  beforeAll(() => {
    const program = join(fixtures, 'lease_cases.py');
    const args = [program, code, join(folder, 'cases')];
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    answers = JSON.parse(execFileSync('python3', args, { encoding: 'utf8', stdio: [...stdio] }));
  });

  test.each([
    ['nobody', 'me', 0],
    ['released', 'me', 0],
    ['silent elsewhere', 'me', 10],
    ['silent elsewhere without a beat', 'me', 10],
    ['beats elsewhere', 'other', 7],
    ['beats late', 'other', 10],
    ['releases while watched', 'me', 3],
    ['fresh near', 'other', 0],
    ['just begun near', 'other', 0],
    ['paused near', 'me', 10],
    ['dead near', 'me', 0],
    ['another with its pid', 'me', 0],
    ['other boot', 'me', 10],
    ['beat of the future', 'me', 10],
    ['empty epoch', 'me', 10],
    ['empty beat', 'me', 10],
    ['torn epoch', 'me', 10],
    ['torn beat', 'me', 10],
    ['list epoch', 'me', 10],
    ['list beat', 'me', 10],
    ['bytes epoch', 'me', 10],
    ['bytes beat', 'me', 10],
    ['names that are no epochs', 'me', 0],
    ['taken while watched', 'faster', 5],
    ['another that came between looking and creating', 'newer', 0],
    ['overtaken while watched', 'newer', 5],
  ])('an owner that is "%s" leaves the lease to %s after %i s', (name, who, seconds) => {
    const [owner, waited] = answers[name] ?? [];
    expect(owner).toBe(who);
    expect(waited).toBeGreaterThanOrEqual(seconds);
    expect(waited).toBeLessThan(seconds + 0.5);
  });

  test('an owner keeps the lease while it renews, and loses it to a newer epoch', () => {
    expect(answers['owner that sees a newer epoch']).toEqual([true, false]);
  });

  test('an owner that cannot renew gives up after half the term', () => {
    expect(answers['owner that cannot renew']).toEqual(['me', 5]);
  });
});

test('of twenty contenders each epoch has one owner, and no two own at once', async () => {
  const record = join(folder, 'record');
  const program = join(fixtures, 'lease_contender.py');
  const contenders = Array.from({ length: 20 }, () => {
    const contest = join(folder, 'contest');
    return spawn('python3', [program, code, contest, record, '50'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  });
  try {
    await Promise.all(contenders.map(({ stdout }) => once(stdout, 'data')));
    for (const { stdin } of contenders) stdin.write('go\n');
    await Promise.all(contenders.map((child) => ended(child)));
  } finally {
    for (const child of contenders) child.kill('SIGKILL');
  }
  const tenures = readFileSync(record, 'utf8').trimEnd().split('\n').map(readTenure);
  const epochs = tenures.map(({ epoch }) => epoch);
  expect(epochs).toEqual(Array.from({ length: epochs.length }, (_, number) => number + 1));
  expect(epochs.length).toBeGreaterThanOrEqual(50);
  expect(tenures.filter(({ wasMine }) => !wasMine)).toEqual([]);
  const overlaps = tenures.filter(({ start }, place) => start < (tenures[place - 1]?.end ?? 0));
  expect(overlaps).toEqual([]);
}, 60_000);

function readTenure(line: string) {
  const [epoch, start, end, wasMine] = line.split(' ');
  return {
    epoch: Number(epoch),
    start: Number(start),
    end: Number(end),
    wasMine: wasMine === 'True',
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
