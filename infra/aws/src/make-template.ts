import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addCryptoMarketsStack } from './crypto-markets-stack.ts';

/**
 * The template as text. Needs no account and no network. Throws when cdk-nag finds something that is not accepted
 * with a reason.
 */
export function makeTemplate(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cdk-'));
  try {
    return synthesize(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function synthesize(outdir: string): string {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  const { stackName } = addCryptoMarketsStack(app);
  const { template } = app.synth().getStackByName(stackName);
  return `${JSON.stringify(template, null, 2)}\n`;
}
