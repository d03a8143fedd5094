import { setTimeout as pause } from 'node:timers/promises';
import { harmless, say } from './print-text.ts';
import type { StatusAnswer } from './service-answers.ts';
import { callService, refuse, type ServiceOption } from './service-client.ts';

/** Waits until the run has ended, then says how. Exit 1 when it failed instead. */
export async function waitForStop(name: string, options: ServiceOption): Promise<void> {
  const path = `/api/v1/pipelines/${encodeURIComponent(name)}/status`;
  for (;;) {
    const answer = await callService<StatusAnswer>(options, path);
    if (!answer.ok) return refuse(answer.problem);
    if (answer.body.run?.endedAt !== undefined) return sayEnd(answer.body);
    await pause(200);
  }
}

function sayEnd({ name, run, observed }: StatusAnswer): void {
  const batch = run?.lastBatch === undefined ? '' : ` after batch ${run.lastBatch}`;
  const way = run?.stop ? ` by ${run.stop.way}` : '';
  say(`${name} is ${observed.state}${way}${batch}. ${harmless(observed.cause?.sentence ?? '')}`);
  if (observed.state === 'FAILED') process.exitCode = 1;
}
