import { type Command, Option } from 'commander';
import { allTargets, type Target } from '../target.ts';
import { print, printJson, say } from './print-text.ts';

interface PlanOptions {
  readonly target: Target;
  readonly json?: boolean;
}

/** `sluice plan FILE`: what a start would do, and on AWS Glue what would change there and cost. */
export function addPlan(program: Command): void {
  program
    .command('plan')
    .description('print what a start of a spec would do, without doing it')
    .argument('<file>', 'spec file; - is standard input')
    .addOption(
      new Option('--target <where>', 'where it would run').choices(allTargets).default('local'),
    )
    .option('--json', 'print it as JSON')
    .action(plan);
}

async function plan(file: string, { target, json }: PlanOptions): Promise<void> {
  const { checkFile, sayFindings } = await import('./check-file.ts');
  const checked = checkFile(file);
  sayFindings(checked);
  if (!checked.pipeline) {
    process.exitCode = 2;
    return;
  }
  const { readConfig } = await import('../config.ts');
  const { previewPipeline } = await import('../pipeline/preview-pipeline.ts');
  const preview = await previewPipeline(readConfig(), checked.pipeline, target);
  if (preview.glue?.why) say(`the job at AWS Glue could not be looked at: ${preview.glue.why}`);
  if (json) return printJson(preview);
  const { showPlan } = await import('./show-plan.ts');
  print(showPlan(preview));
}
