import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bench-stage.ts';

const folder = join(root, '.sluice/bench');
const wanted = join(import.meta.dirname, 'requirements.txt');

/** A Python with the tools that the merge is compared with; made in `.sluice/bench` the first time, about 400 MB. */
export function benchPython(python: string): string {
  const own = join(folder, 'bin/python3');
  const mark = join(folder, 'requirements.txt');
  const pins = readFileSync(wanted, 'utf8');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === pins) return own;
  execFileSync(python, ['-m', 'venv', '--clear', folder], { stdio: 'inherit' });
  execFileSync(own, ['-m', 'pip', 'install', '--quiet', '-r', wanted], {
    stdio: ['ignore', 2, 'inherit'],
  });
  writeFileSync(mark, pins);
  return own;
}
