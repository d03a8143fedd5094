import { type TObject, type TSchema, Type } from 'typebox';
import { durationField, nameField, pathField } from '../kinds/field.ts';
import { type TargetSettings, targetSettings } from './target-settings.ts';

const closed = { additionalProperties: false };

/** What stands in the places that kinds fill: here left open, in the published schema one branch a kind. */
export interface KindSlots {
  readonly source: TSchema;
  readonly decode: TSchema;
  readonly transform: TSchema;
  readonly sink: TSchema;
}

const merge = Type.Object(
  {
    into: pathField('The one CSV file that collects all rows.', {
      examples: ['data/device-events.csv'],
    }),
    header: Type.Optional(
      Type.Boolean({
        description: 'Whether the file starts with a line of column names.',
        default: true,
      }),
    ),
    every: Type.Optional(durationField('How often new rows are added.', { default: '1 second' })),
  },
  { ...closed, description: 'Puts the parts of a csv sink together into one CSV file.' },
);

const deadLetters = Type.Object(
  {
    into: pathField('The file that collects dead letters, one JSON object a line.', {
      examples: ['data/device-events-dead-letters.jsonl'],
    }),
  },
  {
    ...closed,
    description:
      'Where events that could not be decoded are kept, with the reason. Without it: the path of the sink ' +
      'with `-dead-letters.jsonl` behind.',
  },
);

const restart = Type.Object(
  {
    'on-failure': Type.Integer({
      description: 'How often a run that failed is followed by another one.',
      minimum: 0,
      maximum: 100,
      default: 5,
    }),
    within: durationField('The time in which so many are allowed.', { default: '10 minutes' }),
  },
  {
    ...closed,
    description:
      'Starts the pipeline again after a failure that may pass, later each time. Without it only a run that went ' +
      'away with its machine or container is followed by another one.',
  },
);

/** The whole spec. The one description of its fields: lint, editors and the documentation read it. */
export function pipelineShape(slots: KindSlots): TObject {
  return Type.Object(
    {
      pipeline: nameField('The name of the pipeline: small letters, digits and hyphens.', {
        examples: ['device-events'],
      }),
      source: slots.source,
      decode: Type.Optional(slots.decode),
      transforms: Type.Optional(
        Type.Array(slots.transform, {
          description: 'Steps between source and sink, in their order.',
          maxItems: 100,
          default: [],
        }),
      ),
      sink: slots.sink,
      trigger: Type.Optional(
        durationField('How often a batch is started.', {
          default: '10 seconds',
          examples: ['1 second', '500 milliseconds'],
        }),
      ),
      merge: Type.Optional(merge),
      'dead-letters': Type.Optional(deadLetters),
      restart: Type.Optional(restart),
      targets: Type.Optional(targetSettings),
    },
    closed,
  );
}

/** The spec as it is once its shape is known to be right. */
export interface PipelineSpec {
  readonly pipeline: string;
  readonly source: KindSlot;
  readonly decode?: KindSlot;
  readonly transforms: readonly KindSlot[];
  readonly sink: KindSlot;
  readonly trigger: string;
  readonly merge?: { readonly into: string; readonly header: boolean; readonly every: string };
  readonly 'dead-letters'?: { readonly into: string };
  readonly restart?: { readonly 'on-failure': number; readonly within: string };
  readonly targets: TargetSettings;
}

/** A mapping whose one field is a kind's name and whose value are its settings. */
export type KindSlot = Readonly<Record<string, unknown>>;
