import { STATUS_CODES } from 'node:http';
import type { Finding } from '../errors/finding.ts';
import { SluiceError } from '../errors/sluice-error.ts';

/** The body of every answer that is not a success. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly findings?: readonly Finding[];
}

export const problemType = 'application/problem+json';

/** An error of the catalogue as problem details. */
export function describeProblem(error: SluiceError, findings?: readonly Finding[]): Problem {
  return {
    type: `https://sluice.invalid/errors#${error.code.toLowerCase()}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: error.message.trim(),
    next: error.next,
    ...(findings ? { findings } : {}),
  };
}

/** What Fastify and Node refuse, by their code. `limit` is the largest body in bytes. */
export function translateError(error: unknown, limit: number): SluiceError {
  if (error instanceof SluiceError) return error;
  const { code, statusCode, validationAnswer, message } = readError(error);
  if (validationAnswer) return new SluiceError('PARAMETER_INVALID', { problem: message });
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new SluiceError('BODY_TOO_LARGE', { limit });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new SluiceError('MEDIA_TYPE_REFUSED', { type: 'of this request' });
  }
  if (statusCode === 408) return new SluiceError('REQUEST_TIMEOUT', { seconds: 30 });
  if (statusCode >= 400 && statusCode < 500) {
    return new SluiceError('BODY_INVALID', { problem: message });
  }
  // What went wrong inside is for the log, not for whoever sent the request.
  return new SluiceError('INTERNAL', { problem: 'see the service log' }, { cause: error });
}

interface ReadError {
  readonly code: string;
  readonly statusCode: number;
  readonly validationAnswer: boolean;
  readonly message: string;
}

function readError(error: unknown): ReadError {
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  return {
    code: String(fields.code ?? ''),
    statusCode: Number(fields.statusCode ?? 500),
    validationAnswer: Array.isArray(fields.validationAnswer),
    message: String(fields.message ?? 'unknown'),
  };
}
