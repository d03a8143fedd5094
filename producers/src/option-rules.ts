import { type Command, Option } from 'commander';
import { ProducerError } from './producer-errors.ts';

/** What the text of an option must be. */
export interface ValueRule<Value> {
  readonly wanted: string;
  /** Undefined when the text is not such a value. */
  readonly read: (text: string) => Value | undefined;
}

/** Destinations that some options mean something for, and those options by their names among the values. */
export type OptionOwners = readonly (readonly [
  owners: readonly string[],
  names: readonly string[],
])[];

export const positive = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export const anyText: ValueRule<string> = {
  wanted: 'some text',
  read: (text) => (text === '' ? undefined : text),
};

export const bucketName: ValueRule<string> = {
  wanted: 'the name of an S3 bucket: 3 to 63 of the characters a-z 0-9 . -',
  read: (text) => (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) ? text : undefined),
};
export const keyPrefix: ValueRule<string> = {
  wanted: 'empty, or folders of the characters a-z A-Z 0-9 _ = . - that end with a slash',
  read: (text) => (/^(?:[a-zA-Z0-9_=-][a-zA-Z0-9_=.-]*\/)*$/.test(text) ? text : undefined),
};

export function wholeNumber(from: number, to: number): ValueRule<number> {
  const wanted = to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${to}`;
  return {
    wanted: `a whole number, ${wanted}`,
    read: (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= from && value <= to ? value : undefined;
    },
  };
}

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly Word[]): ValueRule<Word> {
  const wanted = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return { wanted, read: (text) => words.find((known) => known === text) };
}

/** An option whose value must keep a rule. A wrong value makes parsing throw OPTION_INVALID. */
export function ruledOption<Value>(
  flags: string,
  description: string,
  rule: ValueRule<Value>,
): Option {
  const result = new Option(flags, description);
  return result.argParser((text: string) => {
    const value = rule.read(text);
    if (value === undefined) {
      const name = result.long ?? flags;
      throw new ProducerError('OPTION_INVALID', {
        option: name,
        value: JSON.stringify(text),
        wanted: rule.wanted,
      });
    }
    return value;
  });
}

/** Throws OPTION_USELESS for an option on the command line that the chosen destination has no use for. */
export function refuseUselessOptions(command: Command, to: string, groups: OptionOwners): void {
  for (const [owners, names] of groups) {
    const useless = names.find((name) => command.getOptionValueSource(name) === 'cli');
    if (useless !== undefined && !owners.includes(to)) {
      const flag =
        command.options.find((each) => each.attributeName() === useless)?.long ?? useless;
      const owner = owners.join(' or ');
      throw new ProducerError('OPTION_USELESS', { option: flag, destination: to, owner });
    }
  }
}
