import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from './architecture/project-files.ts';
import { readPage } from './docs/read-docs.ts';

const page = readPage('docs/aws.md');
const template: {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
} = JSON.parse(readPage('infra/cloudformation/crypto-markets.template.json'));

/** The commands for a real account cannot be run by a test; what they name can be looked at. */
describe('docs/aws.md', () => {
  it('deploys with all parameters that have no default, and with none that the template does not have', () => {
    const [, given = ''] = /--parameter-overrides (.*)/.exec(page) ?? [];
    const names = given.split(' ').map((one) => one.replace(/=.*/, ''));
    const wanted = Object.entries(template.Parameters).filter(([, one]) => !('Default' in one));
    expect(names.toSorted()).toEqual(wanted.map(([name]) => name).toSorted());
  });

  it('explains each parameter of the template, and no other', () => {
    const rows = page.split('\n').filter((line) => /^\| `[A-Z]/.test(line));
    const names = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)]);
    expect(names.map(([, name]) => name).toSorted()).toEqual(
      Object.keys(template.Parameters).toSorted(),
    );
  });

  it('says the defaults of the template', () => {
    const { Schedule, Pages, SnapshotDays, LogDays, GlueVersion, WorkerType, Workers } =
      template.Parameters;
    for (const [row, parameters] of [
      ['Schedule', [Schedule]],
      ['Pages', [Pages]],
      ['SnapshotDays', [SnapshotDays]],
      ['LogDays', [LogDays]],
      ['GlueVersion', [GlueVersion, WorkerType, Workers]],
    ] as const) {
      const line = page.split('\n').find((one) => one.startsWith(`| \`${row}\``));
      for (const parameter of parameters) expect(line).toContain(String(parameter?.Default));
    }
  });

  it.each(['Folder', 'JobRoleArn', 'OperatorPolicyArn', 'FailuresTopic', 'Bucket'])(
    'names the output %s, which the template has',
    (output) => {
      expect(page).toContain(output);
      expect(template.Outputs).toHaveProperty(output);
    },
  );

  it('names files and scripts that there are', () => {
    const { scripts } = JSON.parse(readPage('package.json'));
    for (const [, script = ''] of page.matchAll(/npm run ([\w:]+)/g)) {
      expect(scripts).toHaveProperty([script]);
    }
    const [, file = ''] = /--template-file (\S+)/.exec(page) ?? [];
    expect(existsSync(join(projectRoot, file))).toBe(true);
  });
});
