import { SluiceError } from '../errors/sluice-error.ts';
import type { Target } from '../target.ts';
import type { Executor } from './executor.ts';

/** Stands in for a target that this service has no settings for. It starts nothing and can see nothing. */
export function unconfiguredExecutor(target: Target, settings: string): Executor {
  const refusal = new SluiceError('TARGET_UNCONFIGURED', { target, settings });
  const refuse = () => Promise.reject(refusal);
  const { code, parameters } = refusal;
  return {
    target,
    submit: refuse,
    find: refuse,
    observe: async () => ({
      kind: 'unreachable',
      why: refusal.message,
      cause: { code, parameters },
    }),
    kill: refuse,
    readLog: refuse,
  };
}
