import type { TSchema } from 'typebox';
import { type FieldMark, markOf } from './field.ts';

/** The keywords that our schemas use. */
export interface SchemaFacts {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

const textForms: Readonly<Record<FieldMark | 'plain', string>> = {
  plain: 'a text',
  name: 'a name',
  path: 'a path',
  duration: 'a whole number and a unit, such as 10 seconds',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in a spec
  environment: 'a text or ${NAME:-default}',
};

/** What a keyword of a schema asks for, in words; what the whole schema takes, if that says more. */
export function describeDemand(schema: TSchema, keyword: string): string {
  const { maxLength, minLength } = schema as SchemaFacts;
  if (keyword === 'maxLength') {
    return `a text of at most ${maxLength} characters`;
  }
  return keyword === 'minLength' && minLength === 1
    ? 'a text that is not empty'
    : describeSchema(schema);
}

/** What a schema takes, in words: `a whole number from 1 to 1000`. */
export function describeSchema(schema: TSchema): string {
  const facts = schema as SchemaFacts;
  if (facts.anyOf !== undefined) {
    return facts.anyOf.map(describeSchema).join(' or ');
  }
  if (facts.enum !== undefined) {
    return facts.enum.map(String).join(' or ');
  }
  switch (facts.type) {
    case 'string':
      return textForms[markOf(schema) ?? 'plain'];
    case 'integer':
      return `a whole number from ${facts.minimum} to ${facts.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return describeList(facts);
    default:
      return describeMapping(facts);
  }
}

function describeList({ minItems = 0, maxItems, uniqueItems }: SchemaFacts): string {
  const limits = [
    minItems > 0 ? `at least ${minItems}` : '',
    maxItems === undefined ? '' : `at most ${maxItems}`,
  ].filter((limit) => limit !== '');
  const count = limits.length > 0 ? ` of ${limits.join(' and ')} entries` : '';
  return `a list${count}${uniqueItems === true ? ', none twice' : ''}`;
}

function describeMapping({ properties = {} }: SchemaFacts): string {
  const names = Object.keys(properties);
  return names.length === 0 ? 'a mapping' : `a mapping of ${names.join(', ')}`;
}
