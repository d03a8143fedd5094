import { readConfig } from '../config.ts';
import type { Finding } from '../errors/finding.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { exitOf, sayProblem } from './say-error.ts';

export interface ServiceProblem {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly findings?: readonly Finding[];
}

export type Answer<Body> =
  | { readonly ok: true; readonly status: number; readonly body: Body }
  | { readonly ok: false; readonly problem: ServiceProblem };

export interface Call {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly body?: Buffer;
}

export interface ServiceOption {
  readonly url?: string;
}

const deadlineMs = 35_000;

/** Calls the running service. Throws SERVICE_UNREACHABLE. */
export async function callService<Body>(
  { url = readConfig().url }: ServiceOption,
  path: string,
  { method = 'GET', body }: Call = {},
): Promise<Answer<Body>> {
  const response = await request(url, `${url.replace(/\/+$/, '')}${path}`, {
    method,
    signal: AbortSignal.timeout(deadlineMs),
    ...(body
      ? { body: new Uint8Array(body), headers: { 'content-type': 'application/yaml' } }
      : {}),
  });
  const text = await response.text();
  const value = readJson(text);
  if (response.ok) return { ok: true, status: response.status, body: value as Body };
  return { ok: false, problem: value as ServiceProblem };
}

/** Says a refusal and sets what the process exits with. */
export function refuse({ code, detail, next }: ServiceProblem): void {
  sayProblem({ code, detail, next });
  process.exitCode = exitOf(code);
}

async function request(url: string, address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const problem = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new SluiceError('SERVICE_UNREACHABLE', { url, problem }, { cause: error });
  }
}

function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return {
      code: 'SERVICE_UNREACHABLE',
      detail: 'Something else answers there.',
      next: 'Check the address.',
    };
  }
}
