export type LogFormat = 'text' | 'json';
export type LogLevel = 'info' | 'error';

let format: LogFormat = 'text';

/** Chooses how lines are printed from now on: as they are, or as JSON objects for programs that gather them. */
export function setLogFormat(wanted: LogFormat): void {
  format = wanted;
}

/** Prints a line on standard error, which leaves standard output to events. */
export function tellTerminal(line: string, level: LogLevel = 'info'): void {
  write(format === 'text' ? line : logLine(level, { message: line.replace(/^produce: /, '') }));
}

/** Prints figures, an object of JSON in either format. */
export function tellFigures(figures: Readonly<Record<string, number>>): void {
  write(
    format === 'text'
      ? JSON.stringify(figures)
      : logLine('info', { message: 'progress', ...figures }),
  );
}

function logLine(level: LogLevel, fields: Readonly<Record<string, string | number>>): string {
  return JSON.stringify({ at: new Date().toISOString(), level, ...fields });
}

function write(line: string): void {
  process.stderr.write(`${line}\n`);
}
