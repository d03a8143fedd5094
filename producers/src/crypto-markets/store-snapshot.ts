import { ProducerError } from '../producer-errors.ts';
import type { Snapshot } from './collect-snapshot.ts';
import { nameSnapshot } from './snapshot-name.ts';
import type { SnapshotStore } from './snapshot-store.ts';

const MOST_NAMES = 100;

/**
 * Puts a snapshot under the name of its second, `crypto_20261124073000.json`, or with `-2`, `-3` and so on behind when
 * that is taken, and returns the name. Throws what the store throws, and NAMES_TAKEN.
 */
export async function storeSnapshot(store: SnapshotStore, snapshot: Snapshot): Promise<string> {
  const stem = nameSnapshot(snapshot.at);
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}.json`;
    if ((await store.put(name, snapshot.body)) === 'written') {
      return name;
    }
  }
  throw new ProducerError('NAMES_TAKEN', { name: `${stem}.json`, number: MOST_NAMES });
}
