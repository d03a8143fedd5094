/** One error of the demo: what is there, what should be there, what to do now. `{name}` stands for a value. */
export interface DemoErrorEntry {
  readonly found: string;
  readonly wanted: string;
  readonly next: string;
}

/** Every error of the demo, by code. */
export const demoErrors = Object.freeze({
  DEMO_USAGE: {
    found: 'The demo was called wrongly: {problem}.',
    wanted:
      'It takes `--events N` and `--rate N`, both whole numbers above 0, and `--target local` or `standalone`.',
    next: 'Run `npm run demo`, or `npm run demo -- --events 20000`.',
  },
  DEMO_AWS_USAGE: {
    found: 'The AWS demo was called wrongly: {problem}.',
    wanted: 'It takes `--live`, which asks the real API, and nothing else.',
    next: 'Run `npm run demo:aws`, or `npm run demo:aws -- --live`.',
  },
  DEMO_STACK_FAILED: {
    found: 'The stack {stack} could not be {goal} ({reasons}).',
    wanted: 'The committed template must be deployed and deleted as it is.',
    next: 'Read the log of the emulator; `npm run generate` prints the template again.',
  },
  DEMO_COLLECTOR_FAILED: {
    found: 'The collector made no snapshot of the event of {time} ({problem}).',
    wanted: 'Each event must give one.',
    next: 'Correct what it names; with --live the API may be busy, so try again in a minute.',
  },
  DEMO_RUNNING: {
    found: 'A demo runs already (process {pid}, folder {folder}).',
    wanted: 'Only one may use a folder at a time.',
    next: 'End it with Ctrl-C in its terminal or `kill {pid}`, or set SLUICE_DEMO_FOLDER to another folder.',
  },
  DEMO_FOLDER_FOREIGN: {
    found: 'The folder {folder} holds files that no demo made.',
    wanted: 'The demo empties its folder at each start, so it must be its own.',
    next: 'Move those files away, or set SLUICE_DEMO_FOLDER to another folder.',
  },
  DEMO_PROCESS_ENDED: {
    found: '{name} ended by itself ({how}).',
    wanted: 'It must run as long as the demo does.',
    next: 'Read {log}. Its last lines:\n{lines}',
  },
  DEMO_API_REFUSED: {
    found: '{request} was answered with {status}: {detail}',
    wanted: 'The control service must accept it.',
    next: '{next}',
  },
  DEMO_DRIVER_LEFT: {
    found:
      'The driver of {pipeline} (process group {pid}) was asked to stop and has not been seen to end within {seconds} s; it is {state}.',
    wanted: 'Nothing of a demo may go on without anybody who looks at it.',
    next: 'Look at `npx sluice status {pipeline}`, and end it by `kill -KILL -- -{pid}` if it is there. The control service goes on until the next demo, which tries again.',
  },
  DEMO_STUCK: {
    found:
      'For {seconds} s nothing has moved: {merged} of {expected} rows are merged, the run is {state}.',
    wanted: 'Every row must be merged.',
    next: 'Read {log} and the driver log, which `npx sluice logs {pipeline}` shows while the demo runs.',
  },
  DEMO_RUN_FAILED: {
    found: 'The run of the pipeline failed: {cause}',
    wanted: 'It must run until it is stopped.',
    next: 'Read {log}; {next}',
  },
} satisfies Readonly<Record<string, DemoErrorEntry>>);

export type DemoErrorCode = keyof typeof demoErrors;

/** Thrown when the demo cannot go on. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: DemoErrorCode;

  constructor(code: DemoErrorCode, values: Readonly<Record<string, string | number>>) {
    const { found, wanted, next } = demoErrors[code];
    const fillIn = (sentence: string) =>
      sentence.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
    super(`${fillIn(found)} ${fillIn(wanted)}\n  -> ${fillIn(next)}`);
    this.code = code;
  }
}
