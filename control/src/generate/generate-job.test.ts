import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintSpec } from '../lint/lint-spec.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { generateJob } from './generate-job.ts';
import { generatorVersion } from './generator-version.ts';

const options = { roots: ['/srv'], workFolder: '/srv' };

function pipelineOf(text: string): Pipeline {
  const { pipeline, findings } = lintSpec(text, options);
  expect(findings).toEqual([]);
  return pipeline as Pipeline;
}

function sample(name: string): string {
  return readFileSync(new URL(`../../../spark-jobs/specs/${name}.yaml`, import.meta.url), 'utf8');
}

const shapes = {
  'kafka to csv': sample('device-events'),
  'rate to console': sample('rate-to-console'),
  'rate to csv without transforms': '{pipeline: a, source: {rate: }, sink: {csv: {path: data/a}}}',
  'kafka to console': `
pipeline: b
source: { kafka: { servers: "h:1", topic: t } }
decode: { json: { schema: "a STRING, b ARRAY<INT>" } }
transforms: [explode: { column: b, as: c }, explode: { column: b, as: d }, select: [a, c, d]]
sink: { console: }`,
};

describe('generateJob', () => {
  it('names the file, the variables and the columns of the sample', () => {
    const job = generateJob(pipelineOf(shapes['kafka to csv']));
    expect(job).toMatchObject({ fileName: 'device_events.py', environment: ['KAFKA_SERVERS'] });
    expect(job.columns.join(' ')).toBe(
      'customerId eventId eventOffset eventPublisher eventTime deviceId measure status temperature',
    );
  });

  it('prints the job of a sample as it is committed', () => {
    const committed = new URL('../../../spark-jobs/generated/device_events.py', import.meta.url);
    const { text } = generateJob(pipelineOf(shapes['kafka to csv']));
    expect(text).toBe(readFileSync(committed, 'utf8'));
  });

  it('gives the same bytes for the same spec', () => {
    const texts = [1, 2].map(() => generateJob(pipelineOf(shapes['kafka to csv'])).text);
    expect(texts[0]).toBe(texts[1]);
  });

  it('names the spec, its hash and its own version at the top', () => {
    const pipeline = pipelineOf(shapes['rate to console']);
    const head = generateJob(pipeline).text.split('"""')[1];
    expect(head).toContain('the spec rate-to-console');
    expect(head).toContain(pipeline.hash);
    expect(head).toContain(`Sluice ${generatorVersion}`);
  });

  it('puts the generator at the version of its package', () => {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ version: generatorVersion });
  });

  it.each(Object.entries(shapes))('prints %s in lines of at most 100 columns', (_title, text) => {
    const lines = generateJob(pipelineOf(text)).text.split('\n');
    expect(lines.filter((line) => line.length > 100 || line !== line.trimEnd())).toEqual([]);
  });

  it('defines each function once and only those it calls', () => {
    const program = `
import ast, json, sys
def check(text):
    tree = ast.parse(text)
    defined = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    constants = [node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)]
    imported = [(name.asname or name.name) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) for name in node.names]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    names = defined + constants + imported
    import builtins
    local = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    local |= {arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in node.args}
    local |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.ExceptHandler, ast.FunctionDef)) and node.name}
    return {"twice": [n for n in names if names.count(n) > 1], "unused": [n for n in names if n not in used],
            "unknown": sorted(used - set(names) - local - set(dir(builtins)))}
print(json.dumps([check(text) for text in json.load(sys.stdin)]))`;
    const texts = Object.values(shapes).map((text) => generateJob(pipelineOf(text)).text);
    const input = JSON.stringify(texts);
    const answers = JSON.parse(
      execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }),
    );
    expect(answers).toEqual(texts.map(() => ({ twice: [], unused: [], unknown: [] })));
  });
});
