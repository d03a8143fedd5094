import { Type } from 'typebox';
import { defineSink } from '../define-kind.ts';

const schema = Type.Object(
  {
    rows: Type.Optional(
      Type.Integer({
        description: 'The most rows shown of one batch.',
        minimum: 1,
        maximum: 1000,
        default: 20,
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineSink({
  name: 'console',
  summary: 'Prints the first rows of each batch to the log; keeps nothing. For trying things out.',
  schema,
  examples: [
    { config: {}, input: 'id STRING' },
    { config: { rows: 5 }, input: 'id STRING' },
  ],
  keepsParts: false,
  check: () => [],
  emit: () => ({ functions: [] }),
});
