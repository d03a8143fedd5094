import type { SourceFile } from './source-file.ts';

/** A small project, as the text of files by path. */
export type Example = Readonly<Record<string, string>>;

/** One rule of the house. It carries the proof that it can fail: a rule that cannot is none. */
export interface HouseRule {
  /** What holds, as the end of a sentence that begins with "the code keeps this rule:". */
  readonly promise: string;
  /** One line for each breach: where, what was found, what was wanted. */
  readonly breaches: (files: readonly SourceFile[]) => readonly string[];
  /** Each of these breaks the rule. */
  readonly refused: readonly Example[];
  /** Keeps it, though it looks similar. */
  readonly accepted: Example;
}
