import { Option } from 'commander';
import { oneOf, ruledOption, wholeNumber } from './option-rules.ts';
import type { LogFormat } from './terminal.ts';

/** How a producer tells about itself, for people and for what watches over it. */
export interface ServiceOptions {
  /** Port of 127.0.0.1 for health and metrics; 0 for a free one. */
  readonly listen?: number;
  readonly log: LogFormat;
  readonly progress?: boolean;
}

/** The options that all producers have. */
export function listServiceOptions(): readonly Option[] {
  return [
    ruledOption(
      '--listen <port>',
      'answer /health and /metrics on this port of 127.0.0.1, 0 for a free one',
      wholeNumber(0, 65_535),
    ),
    ruledOption(
      '--log <format>',
      'text, or json for one object a line',
      oneOf(['text', 'json']),
    ).default('text'),
    new Option('--progress', 'print a line of JSON each second on standard error'),
  ];
}
