import { Type } from 'typebox';
import { pipelineShape } from '../spec/pipeline-spec.ts';

function openSlot(description: string): ReturnType<typeof Type.Unknown> {
  return Type.Unknown({ description });
}

/** The spec with its kinds left open: they are looked at one by one, which gives better findings. */
export const openShape = pipelineShape({
  source: openSlot('where events come from.'),
  decode: openSlot('how the bytes of an event become columns.'),
  transform: openSlot('one step.'),
  sink: openSlot('where rows go.'),
});
