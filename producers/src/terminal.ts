/** Prints a line on standard error, which leaves standard output to events. */
export function tellTerminal(line: string): void {
  process.stderr.write(`${line}\n`);
}
