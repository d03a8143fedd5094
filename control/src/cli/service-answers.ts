import type { Static } from '@fastify/type-provider-typebox';
import type * as schemas from '../pipeline/answer-schemas.ts';

/** What the service answers, typed by the schemas it answers with. */
export type PipelineAnswer = Static<typeof schemas.pipelineAnswer>;
export type StatusAnswer = Static<typeof schemas.statusAnswer>;
export type RunAnswer = Static<typeof schemas.runAnswer>;
export type LogAnswer = Static<typeof schemas.logAnswer>;
export type RunPage = { readonly total: number; readonly items: readonly RunAnswer[] };
export type PipelinePage = { readonly total: number; readonly items: readonly PipelineAnswer[] };
