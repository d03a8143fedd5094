import type { HouseRule } from './house-rule.ts';
import type { Import, SourceFile } from './source-file.ts';

export const noImportCycles: HouseRule = {
  promise: 'no files import each other in a circle when the program runs',
  breaches: (files) => findCycles(files, (one) => !one.typeOnly),
  refused: [
    { 'infra/src/a.ts': "import './b.ts';", 'infra/src/b.ts': "import { type A } from './a.ts';" },
    {
      'infra/src/a.ts': "import './b.ts';",
      'infra/src/b.ts': "export { c } from './c.ts';",
      'infra/src/c.ts': "await import('./a.ts');",
    },
    { 'infra/src/a.ts': "import './a.ts';" },
  ],
  accepted: {
    'infra/src/a.ts': "import './b.ts'; import './c.ts';",
    'infra/src/b.ts': "import './c.ts'; import type { A } from './a.ts';",
    'infra/src/c.ts': '',
  },
};

export const noTypeCycles: HouseRule = {
  promise: 'no files need each other in a circle to be understood, types included',
  breaches: (files) => findCycles(files, () => true),
  refused: [
    {
      'infra/src/a.ts': "import type { B } from './b.ts';",
      'infra/src/b.ts': "export type C = import('./a.ts').A;",
    },
  ],
  accepted: {
    'infra/src/a.ts': "import type { B } from './b.ts';",
    'infra/src/b.ts': 'export interface B {}',
  },
};

/** One line for each circle: its files in order, beginning with the first by name. */
function findCycles(
  files: readonly SourceFile[],
  counts: (one: Import) => boolean,
): readonly string[] {
  const targets = new Map(
    files.map((file) => [file.path, file.imports.filter(counts).map((one) => one.target)]),
  );
  const found = new Set<string>();
  const done = new Set<string>();
  for (const path of targets.keys()) follow(path, []);
  return [...found];

  function follow(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start !== -1) found.add(describeCycle(trail.slice(start)));
    if (start !== -1 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) follow(target, [...trail, path]);
    done.add(path);
  }
}

function describeCycle(cycle: readonly string[]): string {
  const start = cycle.indexOf(cycle.toSorted()[0] ?? '');
  const turned = [...cycle.slice(start), ...cycle.slice(0, start)];
  return [...turned, turned[0]].join(' -> ');
}
