import { defineErrors } from './error-entry.ts';

export const generalErrors = defineErrors({
  USAGE: {
    status: 400,
    exit: 2,
    found: 'The command was called wrongly: {problem}.',
    wanted: 'Its arguments must be those listed by its help.',
    next: 'Run `sluice {command} --help`.',
  },
  NOT_SET_UP: {
    status: 503,
    exit: 3,
    found: 'There is no {path}.',
    wanted: 'Set-up must have brought Spark, its Python and its jars.',
    next: 'Run `npm run setup`.',
  },
  CONFIG_INVALID: {
    status: 500,
    exit: 3,
    found: 'The setting {name} is {value}.',
    wanted: 'It must be {wanted}.',
    next: 'Correct {name} in the environment and start again.',
  },
  INTERNAL: {
    status: 500,
    exit: 1,
    found: 'Something failed inside Sluice: {problem}.',
    wanted: 'This should not happen.',
    next: 'Look at the service log for the stack trace and report it.',
  },
});
