#!/usr/bin/env node
/** `sluice`: the command line, on Node 24 whatever Node the host has. `doctor` works before anything is installed. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from '../../infra/setup/refuse-old-node.mjs';

// npm links commands into node_modules/.bin, so the project is found from the real file.
const root = join(realpathSync(fileURLToPath(import.meta.url)), '..', '..', '..');
refuseOldNode();
if (process.argv[2] === 'doctor') {
  await import('../../infra/setup/doctor.mjs');
} else {
  const { launch } = await import('../../infra/setup/launch.mjs');
  await launch(root, join(root, 'control', 'src', 'cli.ts'));
}
