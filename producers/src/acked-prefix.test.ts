import { expect, it } from 'vitest';
import { AckedPrefix } from './acked-prefix.ts';

it('counts acknowledged events up to the first gap, whatever their order', () => {
  const prefix = new AckedPrefix();
  prefix.add(10, 5);
  expect(prefix.length).toBe(0);
  prefix.add(0, 4);
  expect(prefix.length).toBe(4);
  prefix.add(4, 6);
  expect(prefix.length).toBe(15);
});
