import type { Command } from 'commander';

/** `sluice serve`: the control service in the foreground. Who runs it is given, because it stands above the CLI. */
export function addServe(
  program: Command,
  serve: (options: { withParent: boolean }) => Promise<void>,
): void {
  program
    .command('serve')
    .description('run the control service; SLUICE_PORT, SLUICE_STATE and others set it up')
    .option('--with-parent', 'end when standard input closes')
    .action(({ withParent }: { withParent?: boolean }) =>
      serve({ withParent: withParent === true }),
    );
}
