import { Type } from '@fastify/type-provider-typebox';
import { allTargets } from '../target.ts';

/** Names of pipelines and ids of runs; nothing else reaches a file name. */
export const namePattern = '^[a-z][a-z0-9-]{0,62}$';

export const nameParameter = Type.Object({
  name: Type.String({ description: `Name of a pipeline, ${namePattern}` }),
});
export const runParameter = Type.Object({
  id: Type.String({ description: `Id of a run, ${namePattern}` }),
});
export const pageQuery = Type.Object(
  {
    from: Type.Integer({ minimum: 0, default: 0, description: 'How many to skip' }),
    size: Type.Integer({ minimum: 0, maximum: 1000, default: 100 }),
  },
  { additionalProperties: false },
);
export const targetQuery = Type.Object(
  {
    target: Type.Optional(
      Type.Enum([...allTargets], {
        description: 'Where runs are started; without it where they were before, at first local',
      }),
    ),
  },
  { additionalProperties: false },
);
export const logQuery = Type.Object(
  {
    from: Type.Integer({
      default: -1,
      description: 'First line, from 0; less than 0 gives the end',
    }),
    size: Type.Integer({ default: 100, maximum: 5000, description: 'Less than 0 gives the most' }),
  },
  { additionalProperties: false },
);
