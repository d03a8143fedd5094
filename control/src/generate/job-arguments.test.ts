// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a spec, not templates
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { lintSpec } from '../lint/lint-spec.ts';
import { generateJob } from './generate-job.ts';

const spec = `
pipeline: places
source: { kafka: { servers: "\${SERVERS:-a:1}", topic: "\${TOPIC}" } }
decode: { json: { schema: "a STRING" } }
sink: { csv: { path: out/x } }`;
const { pipeline } = lintSpec(spec, { roots: ['/w'], workFolder: '/w' });
const job = pipeline === undefined ? '' : generateJob(pipeline).text;

/** Loads the job with stand-ins for Spark's modules and evaluates an expression over its names. */
function evaluate(expression: string, args: readonly string[] = []): unknown {
  const program = `
import json, os, sys, types
from unittest.mock import MagicMock
for name in ("pyspark", "pyspark.sql", "pyspark.sql.streaming"):
    sys.modules[name] = MagicMock()
sys.modules["pyspark.sql.streaming"].StreamingQueryListener = object
names = {"__name__": "job"}
exec(compile(sys.stdin.read(), "job.py", "exec"), names)
print(json.dumps(eval(sys.argv.pop(1), {**names, "vars": vars})))`;
  const command = ['-c', program, expression, ...args];
  return JSON.parse(execFileSync('python3', command, { input: job, encoding: 'utf8' }));
}

/** Path, folder, and where they lead. */
const places = [
  ['out/x', null, 'out/x'],
  ['out/x', '/srv/data', '/srv/data/out/x'],
  ['out/x', 's3://rows/work/', 's3a://rows/work/out/x'],
  ['out/x', 's3a://rows', 's3a://rows/out/x'],
  ['/srv/x', 's3://rows', '/srv/x'],
  ['file:/srv/x', 's3://rows', 'file:/srv/x'],
  ['s3://other/x', 's3://rows', 's3a://other/x'],
  ['s3n://other/x', null, 's3a://other/x'],
  ['s3a://other/x', '/srv', 's3a://other/x'],
  ['s3-data/x', '/srv', '/srv/s3-data/x'],
] as const;

it('relative paths start at the folder, and S3A opens what is in S3', () => {
  const calls = places.map(([path, folder]) => `locate("${path}", ${folder && `"${folder}"`})`);
  const found = evaluate(`[${calls.join(', ').replaceAll('null', 'None')}]`);
  expect(found).toEqual(places.map(([, , place]) => place));
});

describe('the arguments of a job', () => {
  it('are all optional', () => {
    expect(evaluate('vars(read_arguments())')).toEqual({
      ...{ control: null, run_id: null, generation: 1, folder: null },
      ...{ variables: {}, available_now: false },
    });
  });

  it("may stand among those of AWS Glue, which look like beginnings of the job's own", () => {
    const glue = ['--JOB_NAME', 'places', '--TempDir', 's3://b/t', '--conf', 'a=1 --conf b=2'];
    const alike = ['--run', 'x', '--cont', 'y', '--var', 'z', '--gen', '9', '--f', 'w'];
    const own = ['--run-id', 'r1', '--generation', '3', '--folder', 's3://rows/work'];
    const variables = ['--variables', '{"SERVERS": "b:2"}'];
    const found = evaluate('vars(read_arguments())', [...glue, ...own, ...alike, ...variables]);
    expect(found).toMatchObject({ run_id: 'r1', generation: 3, folder: 's3://rows/work' });
    expect(found).toMatchObject({ control: null, variables: { SERVERS: 'b:2' } });
  });
});

describe('the variables of a spec', () => {
  const option = job.match(/os\.environ\.get\("SERVERS", "a:1"\)/)?.[0] ?? '';
  const lookAfter = (json: string) =>
    evaluate(`[os.environ.update(read_arguments().variables), ${option}][1]`, [
      ...['--variables', json],
    ]);

  it('come from --variables where they are given, else from the environment', () => {
    expect(lookAfter('{"SERVERS": "b:2"}')).toBe('b:2');
    expect(lookAfter('{"TOPIC": "t"}')).toBe('a:1');
    expect(job).toContain('os.environ.update(arguments.variables)');
  });

  it('have no argument in a job whose spec has none', () => {
    const plain = spec.replace('${SERVERS:-a:1}', 'a:1').replace('${TOPIC}', 't');
    const other = lintSpec(plain, { roots: ['/w'], workFolder: '/w' }).pipeline;
    expect(other && generateJob(other).text).not.toContain('--variables');
  });
});
