import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lossModels } from '../../test/fixtures/loss-models.ts';
import { type MergeAction, MergeWorld } from '../../test/fixtures/merge-world.ts';

const part = fc.nat({ max: 60 });
const action: fc.Arbitrary<MergeAction> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('batch'), parts: fc.nat({ max: 3 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('merge') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list again'), part }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list with another size'), part }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), part }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut short'), part }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bring back'), part }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('power cut'),
      after: fc.nat({ max: 30 }),
      model: fc.constantFrom(...lossModels),
    }),
  },
);

it('holds each part wholly, once or not at all, and tells which, through 500 random programs of 100 actions', async () => {
  const program = fc.array(action, { minLength: 100, maxLength: 100, size: 'max' });
  const settings = fc.record({ rotate: fc.boolean(), compact: fc.constantFrom(3, 10) });
  await fc.assert(
    fc.asyncProperty(settings, program, async (how, actions) => {
      const world = new MergeWorld(how);
      for (const one of actions) await world.act(one);
      await world.act({ do: 'restart' });
      await world.act({ do: 'merge' });
      expect(world.mergedRows()).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500, endOnFailure: false },
  );
}, 300_000);
