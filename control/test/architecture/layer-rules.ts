import type { HouseRule } from './house-rule.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Where a file of control/src belongs: a folder, or a file at the root. Only the ground and the last line hold places
 * that are neighbours; those of the last line know nothing of each other. The command line stands right of the HTTP
 * API because it reads the API's answers.
 */
const layers: readonly (readonly string[])[] = [
  [
    'errors',
    'config.ts',
    'target-config.ts',
    'target.ts',
    'durable-file.ts',
    'process-identity.ts',
  ],
  ['storage'],
  ['pyspark'],
  ['expressions'],
  ['kinds'],
  ['spec'],
  ['lint'],
  ['generate'],
  ['store'],
  ['lease'],
  ['executors'],
  ['submit'],
  ['watch'],
  ['merge'],
  ['pipeline', 'pipeline.ts'],
  ['http'],
  ['cli'],
  ['app.ts'],
  ['server.ts'],
  ['cli.ts'],
  ['print-generated.ts', 'print-errors.ts'],
];

const control = 'control/src/';
/** One page holds the errors of all workspaces. */
const printerOfAllErrors = `${control}print-errors.ts`;

export const layersImportLeftwards: HouseRule = {
  promise: 'a layer of control imports only from layers to its left',
  breaches: (files) => files.filter(isOfControl).flatMap(breachesOfLayers),
  refused: [
    { 'control/src/kinds/rate.ts': "import { readSpec } from '../spec/read-spec.ts';" },
    { 'control/src/store/rows.ts': "import type { Executor } from '../executors/executor.ts';" },
    { 'control/src/http/routes.ts': "import { show } from '../cli/show.ts';" },
    { 'control/src/print-errors.ts': "import './print-generated.ts';" },
    { 'control/src/cli/show.ts': "const app = await import('../app.ts');" },
    { 'control/src/novelty/thing.ts': '' },
  ],
  accepted: {
    'control/src/spec/read-spec.ts':
      "import { rate } from '../kinds/rate.ts'; import { parse } from './parse.ts'; import 'node:fs';",
    'control/src/spec/read-spec.test.ts': "import { lintSpec } from '../lint/lint-spec.ts';",
    'control/src/errors/finding.ts': "import { readConfig } from '../config.ts';",
  },
};

export const workspacesStandAlone: HouseRule = {
  promise: 'control, producers and infra import nothing of each other',
  breaches: (files) =>
    files
      .filter((file) => isProgram(file) && workspaceOf(file.path) !== undefined)
      .filter((file) => file.path !== printerOfAllErrors)
      .flatMap(breachesOfWorkspaces),
  refused: [
    { 'producers/src/send.ts': "import { x } from '../../control/src/config.ts';" },
    { 'infra/src/show.ts': "import type { X } from 'sluice/src/config.ts';" },
    { 'control/src/watch/lag.ts': "import { x } from '../../../infra/src/kafka-broker.ts';" },
    { 'infra/src/demo/feed.ts': "import { x } from '../../../producers/src/produce.ts';" },
  ],
  accepted: {
    'control/test/real.kafka.test.ts': "import { x } from '../../infra/src/kafka-broker.ts';",
    'control/bin/sluice.mjs': "import { launch } from '../../infra/setup/launch.mjs';",
    'producers/src/send.ts': "import { x } from './event-sender.ts';",
    'bench/bench-all.ts': "import { x } from '../producers/src/produce.ts';",
  },
};

/** Set-up brings the packages, so it and the commands that call it must do without; types are gone when they run. */
export const setupNeedsNothing: HouseRule = {
  promise: 'set-up and the launchers import only what Node has and what lies in infra/setup',
  breaches: (files) => files.filter(isBeforeSetup).flatMap(breachesOfBareness),
  refused: [
    { 'infra/setup/steps/a.mjs': "import pc from 'picocolors';" },
    { 'infra/setup/a.mjs': "import { startKafkaBroker } from '../src/kafka-broker.ts';" },
    { 'control/bin/a.mjs': "await import('../src/cli.ts');" },
  ],
  accepted: {
    'infra/setup/steps/a.mjs': "import 'node:fs'; import { b } from '../b.mjs';",
    'control/bin/a.mjs': "import { launch } from '../../infra/setup/launch.mjs';",
    'infra/setup/a.test.mjs': "import { it } from 'vitest';",
    'infra/src/a.ts': "import pc from 'picocolors';",
  },
};

/** Started by set-up as a program of its own, once the packages are there. */
const classDataTrainer = 'infra/setup/train-class-data.mjs';

function isBeforeSetup(file: SourceFile): boolean {
  if (file.path === classDataTrainer) return false;
  const isThere = /^infra\/setup\/|^(control|producers)\/bin\//.test(file.path);
  return isThere && !/\.test\.\w+$|\/fixtures\//.test(file.path);
}

function breachesOfBareness(file: SourceFile): readonly string[] {
  return file.imports
    .filter((one) => !one.typeOnly && !/^node:|^infra\/setup\//.test(one.target))
    .map((one) => `${file.path} imports ${one.target}, which may not be there yet`);
}

function breachesOfLayers(file: SourceFile): readonly string[] {
  const own = layerOf(file.path);
  if (own === -1) return [`${file.path} belongs to no layer; give it one in layer-rules.ts`];
  return file.imports
    .map((one) => one.target)
    .filter((target) => target.startsWith(control))
    .filter((target) => !mayImport(file.path, target))
    .map((target) => `${file.path} imports ${target}, which is not to its left`);
}

function mayImport(path: string, target: string): boolean {
  const [own, other] = [layerOf(path), layerOf(target)];
  const sameSide = own === 0 || placeOf(path) === placeOf(target);
  return other < own || (other === own && (sameSide || isPageOf(path, target)));
}

/** `pipeline.ts` beside `pipeline/` is the page that tells what the folder does. */
function isPageOf(path: string, target: string): boolean {
  return placeOf(path).replace(/\.ts$/, '') === placeOf(target).replace(/\.ts$/, '');
}

function layerOf(path: string): number {
  return layers.findIndex((places) => places.includes(placeOf(path)));
}

function placeOf(path: string): string {
  return path.slice(control.length).split('/')[0] ?? '';
}

function breachesOfWorkspaces(file: SourceFile): readonly string[] {
  return file.imports
    .map((one) => one.target)
    .filter((target) => workspaceOf(target) !== undefined)
    .filter((target) => workspaceOf(target) !== workspaceOf(file.path))
    .map((target) => `${file.path} imports ${target} of another workspace`);
}

function workspaceOf(path: string): string | undefined {
  const start = path.replace(/^@sluice\//, '').replace(/^sluice\//, 'control/');
  return ['control', 'producers', 'infra'].find((name) => start.startsWith(`${name}/`));
}

function isOfControl(file: SourceFile): boolean {
  return file.path.startsWith(control) && isProgram(file);
}

/** Tests may look anywhere; the commands in bin/ begin in infra/setup, which works before anything is installed. */
function isProgram(file: SourceFile): boolean {
  return !/\.test\.\w+$|\/test\/|\/bin\//.test(file.path);
}
