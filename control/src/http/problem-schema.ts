import { Type } from '@fastify/type-provider-typebox';
import { finding } from '../pipeline/answer-schemas.ts';

/** RFC 9457, with a code of the catalogue and what to do next. */
export const problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.String(),
    next: Type.String(),
    findings: Type.Optional(Type.Array(finding)),
  },
  { description: 'application/problem+json' },
);

/** Put into every route's responses, so that the document names them. */
export const problems = { '4xx': problem, '5xx': problem };
