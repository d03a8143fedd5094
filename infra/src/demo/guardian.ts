import { once } from 'node:events';
import { demoPlaces } from './demo-places.ts';
import { stopStarted } from './stop-started.ts';

// Standard input is a pipe that only the demo holds: its end means that the demo is gone, however it went.
// After an orderly end there is no ledger any more, and nothing is left to do.
process.stdin.resume();
await once(process.stdin, 'close');
await stopStarted(demoPlaces(process.env), (what) => console.error(`guardian: stopping ${what}`));
