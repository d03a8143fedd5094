import type { ErrorCode } from '../errors/catalogue.ts';
import { SluiceError } from '../errors/sluice-error.ts';

export interface AskedService {
  /** As people call it: S3, Glue. */
  readonly service: string;
  /** What was to be read, written or done. */
  readonly what: string;
}

interface AwsError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names as S3 and as the JSON services say them. */
const credentialNames = [
  ...['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
  ...['InvalidAccessKeyId', 'InvalidClientTokenId', 'UnrecognizedClientException'],
  ...['InvalidToken', 'SignatureDoesNotMatch', 'InvalidSignatureException', 'RequestTimeTooSkewed'],
  ...['AuthFailure', 'IncompleteSignature', 'MissingAuthenticationToken'],
];
const throttleNames = [
  ...['SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequestsException'],
  ...['RequestLimitExceeded', 'RequestThrottled', 'RequestThrottledException'],
  ...['ProvisionedThroughputExceededException', 'EC2ThrottledException', 'BandwidthLimitExceeded'],
  ...['ServiceUnavailable', 'ServiceUnavailableException'],
];

/** Any error of a client of AWS as one of the catalogue. One that is of the catalogue already stays as it is. */
export function explainAwsError(error: unknown, asked: AskedService): SluiceError {
  if (error instanceof SluiceError) return error;
  const problem = wordsOf(error as AwsError);
  return new SluiceError(codeOf(error as AwsError), { ...asked, problem }, { cause: error });
}

function codeOf({ name = '', code, $metadata }: AwsError): ErrorCode {
  const status = $metadata?.httpStatusCode;
  if (/^(Credentials|Token)ProviderError$/.test(name)) return 'AWS_CREDENTIALS_MISSING';
  if (credentialNames.includes(name)) return 'AWS_CREDENTIALS_REFUSED';
  if (throttleNames.includes(name) || status === 429 || status === 503) return 'AWS_THROTTLED';
  if (/^AccessDenied(Exception)?$/.test(name) || status === 403) return 'AWS_ACCESS_DENIED';
  const isUnanswered = status === undefined && (code !== undefined || name === 'TimeoutError');
  // A fault of its own, which passes.
  return isUnanswered || (status ?? 0) >= 500 ? 'AWS_UNREACHABLE' : 'AWS_FAILED';
}

/** The name in front only where it says more than that something went wrong. */
function wordsOf({ name, message, code }: AwsError): string {
  const words = (message || code || 'it gives no reason').replace(/[.\s]+$/, '');
  const isPlain = name === undefined || /^(Error|.*ProviderError|TypeError)$/.test(name);
  return isPlain ? words : `${name}, ${words}`;
}
