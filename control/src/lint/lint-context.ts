import type { ErrorCode, ErrorParameters } from '../errors/catalogue.ts';
import type {
  DecoderKind,
  Kind,
  SinkKind,
  SourceKind,
  TransformKind,
} from '../kinds/define-kind.ts';
import type { TextField } from '../spec/marked-fields.ts';
import type { SpecPath } from '../spec/spec-places.ts';

export interface LintOptions {
  /**
   * Absolute folders, every path of the spec must lie below one of them; and places in buckets, which bind the
   * paths there. Without any such, no bucket is refused: credentials say what may be used.
   */
  readonly roots: readonly string[];
  /** Absolute folder where relative paths of the spec start. */
  readonly workFolder: string;
  /** When given, a `${NAME}` without default that is not in it yields a warning. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Something lint has to say, before its line and column are looked up. */
export interface LintProblem {
  readonly rule: ErrorCode;
  readonly parameters: ErrorParameters;
  readonly path: SpecPath;
  /** Whether it is about the field's name or, which is usual, about its value. */
  readonly at?: 'key';
  /** Which character of a text value. */
  readonly offset?: number;
  readonly level?: 'warning';
}

/** One use of a kind whose settings have the right shape. */
export interface CheckedUse<Role extends Kind> {
  readonly kind: Role;
  readonly config: unknown;
  /** Leads to the settings. */
  readonly path: SpecPath;
}

/** What a rule sees. A part is undefined when the spec lacks it or when its shape is wrong. */
export interface LintContext {
  readonly options: LintOptions;
  readonly name: string | undefined;
  readonly source: CheckedUse<SourceKind> | undefined;
  /** `absent` when the spec has none on purpose. */
  readonly decode: CheckedUse<DecoderKind> | 'absent' | undefined;
  /** Undefined when one of them is wrong: what comes after it cannot be judged. */
  readonly transforms: readonly CheckedUse<TransformKind>[] | undefined;
  readonly sink: CheckedUse<SinkKind> | undefined;
  readonly hasMerge: boolean;
  readonly hasDeadLetters: boolean;
  /** All texts of the spec, with what their schema says about them. */
  readonly texts: readonly TextField[];
}

/** Looks at one thing and says all it finds. */
export type LintRule = (context: LintContext) => readonly LintProblem[];

/** A field as messages name it: `source.kafka.topic`, `transforms[0].explode`. */
export function fieldName(path: SpecPath): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number' || /^\d+$/.test(part)) {
      return `${name}[${part}]`;
    }
    return name === '' ? part : `${name}.${part}`;
  }, '');
}
