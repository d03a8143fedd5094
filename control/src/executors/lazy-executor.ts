import type { Target } from '../target.ts';
import type { Executor } from './executor.ts';

/** An executor that is loaded with its first use: the clients of AWS take longer to load than all else together. */
export function lazyExecutor(target: Target, load: () => Promise<Executor>): Executor {
  let loaded: Promise<Executor> | undefined;
  const executor = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    target,
    submit: async (request) => (await executor()).submit(request),
    find: async (runId, runFolder) => (await executor()).find(runId, runFolder),
    observe: async (handle) => (await executor()).observe(handle),
    kill: async (handle, how) => (await executor()).kill(handle, how),
    readLog: async (handle, from, lines) => (await executor()).readLog(handle, from, lines),
  };
}
