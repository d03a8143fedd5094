import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SluiceError } from './errors/sluice-error.ts';
import { generateJob } from './generate/generate-job.ts';
import { kindRegistry } from './kinds/kind-registry.ts';
import { printKinds } from './kinds/print-kinds.ts';
import { lintSpec } from './lint/lint-spec.ts';
import { pipelineSchema } from './spec/pipeline-schema.ts';

/** Texts by their path in the project. */
export type GeneratedFiles = ReadonlyMap<string, string>;

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const jobFolder = 'spark-jobs/generated';

/**
 * Everything that is printed from specs and kinds and committed: jobs, the kinds page, the spec's schema.
 * @throws SPEC_INVALID when a committed spec has errors.
 */
export function printGenerated(): GeneratedFiles {
  const specFolder = join(projectFolder, 'spark-jobs/specs');
  const specs = readdirSync(specFolder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return new Map([
    ...specs.map((file) => printJob(join(specFolder, file))),
    ['docs/kinds.md', printKinds(kindRegistry)],
    ['docs/spec.schema.json', `${JSON.stringify(pipelineSchema(), null, 2)}\n`],
  ]);
}

function printJob(specFile: string): readonly [string, string] {
  const options = { roots: [projectFolder], workFolder: projectFolder };
  const { pipeline, findings } = lintSpec(readFileSync(specFile), options);
  if (pipeline === undefined) {
    const [first] = findings;
    throw new SluiceError('SPEC_INVALID', {
      file: specFile,
      count: findings.length,
      first: `${first?.line}:${first?.column} ${first?.message}`,
    });
  }
  const { fileName, text } = generateJob(pipeline);
  return [`${jobFolder}/${fileName}`, text];
}

/** Paths at which the project's files are not what would be printed now, left-over jobs included. */
export function listStale(files: GeneratedFiles): readonly string[] {
  const changed = [...files].filter(([path, text]) => readText(path) !== text);
  return [...changed.map(([path]) => path), ...listLeftOver(files)];
}

function listLeftOver(files: GeneratedFiles): readonly string[] {
  return readdirSync(join(projectFolder, jobFolder))
    .filter((file) => file.endsWith('.py'))
    .map((file) => `${jobFolder}/${file}`)
    .filter((path) => !files.has(path));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(join(projectFolder, path), 'utf8');
  } catch {
    return undefined;
  }
}

function write(files: GeneratedFiles): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(projectFolder, path)), { recursive: true });
    writeFileSync(join(projectFolder, path), text);
  }
  for (const path of listLeftOver(files)) {
    rmSync(join(projectFolder, path));
  }
}

function main(isCheck: boolean): number {
  const files = printGenerated();
  const stale = listStale(files);
  if (isCheck && stale.length > 0) {
    console.error(
      `Out of date: ${stale.join(', ')}. Run \`npm run generate\` and commit the change.`,
    );
    return 1;
  }
  if (!isCheck) {
    write(files);
  }
  console.log(`${files.size} files are as specs and kinds say.`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv.includes('--check'));
}
