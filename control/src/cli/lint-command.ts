import type { Command } from 'commander';
import { printJson, say } from './print-text.ts';

/** `sluice lint FILE..`: exit 0 without errors, 2 with. */
export function addLint(program: Command): void {
  program
    .command('lint')
    .description('check specs and say what is wrong where')
    .argument('<files...>', 'spec files, YAML or JSON; - is standard input')
    .option('--json', 'print all findings as JSON')
    .action((files: string[], { json }: { json?: boolean }) => lint(files, json === true));
}

async function lint(files: readonly string[], asJson: boolean): Promise<void> {
  const { checkFile, sayFindings } = await import('./check-file.ts');
  const checked = files.map(checkFile);
  const findings = checked.flatMap(({ file, findings }) =>
    findings.map((finding) => ({ file, ...finding })),
  );
  const errors = findings.filter(({ level }) => level === 'error').length;
  if (asJson) printJson({ error_count: errors, findings });
  else {
    checked.forEach(sayFindings);
    say(`${files.length} file(s), ${errors} error(s), ${findings.length - errors} warning(s)`);
  }
  if (errors > 0) process.exitCode = 2;
}
