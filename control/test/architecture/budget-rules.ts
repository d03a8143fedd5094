import type { FunctionShape } from './function-shape.ts';
import type { HouseRule } from './house-rule.ts';
import type { SourceFile } from './source-file.ts';

/** Above these a file or function is refused; written for are 200 lines a file and 30 a function. */
const FILE_LINES = 250;
const FUNCTION_LINES = 50;
const PARAMETERS = 3;
const NESTING = 3;

export const filesAreShort: HouseRule = {
  promise: `a file has at most ${FILE_LINES} lines`,
  breaches: (files) =>
    files
      .filter((file) => file.lines > FILE_LINES && !isCatalogue(file))
      .map((file) => `${file.path} has ${file.lines} lines`),
  refused: [{ 'infra/src/a.ts': '\n'.repeat(FILE_LINES + 1) }],
  accepted: { 'infra/src/a.ts': '\n'.repeat(FILE_LINES) },
};

export const functionsAreShort: HouseRule = {
  promise: `a function has at most ${FUNCTION_LINES} lines`,
  breaches: (files) =>
    functionsBeyond(files, (shape) =>
      shape.lines > FUNCTION_LINES ? `${shape.lines} lines` : undefined,
    ),
  refused: [
    { 'infra/src/a.ts': `function a() {${'\n'.repeat(FUNCTION_LINES)}}` },
    { 'infra/src/a.ts': `class A { b = async () => {${'\n'.repeat(FUNCTION_LINES)}} }` },
    { 'infra/src/a.mjs': `class A { get b() {${'\n'.repeat(FUNCTION_LINES)}} }` },
  ],
  accepted: {
    'infra/src/a.ts': `function a() {${'\n'.repeat(FUNCTION_LINES - 1)}}\nfunction b() {\n}`,
    'infra/src/a.test.ts': `describe('a', () => {${'\n'.repeat(FUNCTION_LINES)}})`,
  },
};

export const parametersAreFew: HouseRule = {
  promise: `a function has at most ${PARAMETERS} positional parameters`,
  breaches: (files) =>
    functionsBeyond(files, (shape) =>
      shape.parameters > PARAMETERS ? `${shape.parameters} parameters` : undefined,
    ),
  refused: [
    { 'infra/src/a.ts': 'const a = (b: string, c?: number, d = 1, ...e: string[]) => 1;' },
    { 'infra/src/a.ts': 'class A { constructor(b, c, d, e) {} }' },
  ],
  accepted: { 'infra/src/a.ts': 'function a(this: A, b: B, c: C, { d, e, f, g }: D) {}' },
};

export const nestingIsShallow: HouseRule = {
  promise: `loops, branches and catches stand at most ${NESTING} deep in one another`,
  breaches: (files) =>
    functionsBeyond(files, (shape) =>
      shape.nesting > NESTING ? `nesting ${shape.nesting}` : undefined,
    ),
  refused: [
    {
      'infra/src/a.ts':
        'function a() { for (;;) { if (b) c(); else { while (d) { try { e(); } catch { f(); } } } } }',
    },
  ],
  accepted: {
    'infra/src/a.ts':
      'function a() { for (;;) { if (b) c(); else if (d) e(); else if (f) { while (g) { try { h(() => { if (i) j(); }); } finally {} } } } }',
  },
};

function functionsBeyond(
  files: readonly SourceFile[],
  excessOf: (shape: FunctionShape) => string | undefined,
): readonly string[] {
  return files
    .filter((file) => !/\.test\.\w+$/.test(file.path))
    .flatMap((file) => file.functions.map((shape) => ({ file, shape, excess: excessOf(shape) })))
    .filter(({ excess }) => excess !== undefined)
    .map(({ file, shape, excess }) => `${file.path}:${shape.line} ${shape.name} has ${excess}`);
}

/** A part of an error catalogue is one long list; cutting it in two would hide it from nobody and help nobody. */
function isCatalogue(file: SourceFile): boolean {
  return /^control\/src\/errors\/\w+-errors\.ts$/.test(file.path) && file.functions.length <= 1;
}
