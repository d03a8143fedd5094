/** `node infra/aws/src/print-template.ts [--check]`: prints the committed template, or says that it is out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { makeTemplate } from './make-template.ts';

const root = resolve(import.meta.dirname, '../../..');
const file = join(root, 'infra/cloudformation/crypto-markets.template.json');
const text = makeTemplate();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error(`${relative(root, file)} is not what infra/aws makes. Run \`npm run generate\`.`);
  process.exitCode = 1;
}
