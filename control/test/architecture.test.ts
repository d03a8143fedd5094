import { describe, expect, it } from 'vitest';
import {
  filesAreShort,
  functionsAreShort,
  nestingIsShallow,
  parametersAreFew,
} from './architecture/budget-rules.ts';
import { noImportCycles, noTypeCycles } from './architecture/cycle-rules.ts';
import type { Example, HouseRule } from './architecture/house-rule.ts';
import {
  layersImportLeftwards,
  setupNeedsNothing,
  workspacesStandAlone,
} from './architecture/layer-rules.ts';
import {
  environmentIsReadOnce,
  errorsComeFromTheCatalogue,
  noBarrels,
  noDefaultExports,
} from './architecture/module-rules.ts';
import {
  filesAreNamedAfterTheirExports,
  namesAreAnswers,
  testsAreNotNumbered,
} from './architecture/name-rules.ts';
import { readProjectFiles } from './architecture/project-files.ts';
import { parseSourceFile } from './architecture/source-file.ts';

const rules: readonly HouseRule[] = [
  layersImportLeftwards,
  workspacesStandAlone,
  setupNeedsNothing,
  noImportCycles,
  noTypeCycles,
  filesAreShort,
  functionsAreShort,
  parametersAreFew,
  nestingIsShallow,
  namesAreAnswers,
  testsAreNotNumbered,
  filesAreNamedAfterTheirExports,
  noBarrels,
  noDefaultExports,
  errorsComeFromTheCatalogue,
  environmentIsReadOnce,
];

const projectFiles = readProjectFiles();

describe('the code keeps this rule:', () => {
  it.each(rules)('$promise', ({ breaches }) => {
    expect(breaches(projectFiles)).toEqual([]);
  });
});

describe('a breach is found of this rule:', () => {
  it.each(rules)('$promise', ({ breaches, refused, accepted }) => {
    for (const example of refused) {
      expect(breaches(parseExample(example)), JSON.stringify(example)).toHaveLength(1);
    }
    expect(breaches(parseExample(accepted))).toEqual([]);
  });
});

it('looks at every workspace', () => {
  const paths = projectFiles.map((file) => file.path);
  for (const start of ['control/src/', 'control/test/', 'producers/src/', 'infra/setup/']) {
    expect(
      paths.some((path) => path.startsWith(start)),
      start,
    ).toBe(true);
  }
});

function parseExample(example: Example) {
  return Object.entries(example).map(([path, text]) => parseSourceFile(path, text));
}
