import { GetParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { describeProblem, ProducerError } from '../producer-errors.ts';
import { isKey } from './markets-source.ts';

/** The SDK waits for ever unless told otherwise. */
const REQUEST_LIMITS = {
  connectionTimeout: 3000,
  requestTimeout: 5000,
  throwOnRequestTimeout: true,
};

/** A key that is kept in the Parameter Store of AWS Systems Manager, as a SecureString. */
export interface KeyParameter {
  /** The key, asked for once. Throws KEY_AWAY and KEY_INVALID, and asks again the next time. */
  read(): Promise<string>;
  /** Makes the next read ask again: the key may have been changed. */
  forget(): void;
}

/** @param name of the parameter; the value is never part of a message. */
export function openKeyParameter(name: string, config: SSMClientConfig = {}): KeyParameter {
  const client = new SSMClient({ maxAttempts: 3, requestHandler: REQUEST_LIMITS, ...config });
  let known: string | undefined;
  return Object.freeze({
    read: async () => {
      known ??= await askForKey(client, name);
      return known;
    },
    forget: () => {
      known = undefined;
    },
  });
}

async function askForKey(client: SSMClient, name: string): Promise<string> {
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const { Parameter } = await client.send(command).catch((caught: unknown) => {
    throw new ProducerError('KEY_AWAY', { name, problem: describeProblem(caught) });
  });
  const key = Parameter?.Value?.trim() ?? '';
  if (!isKey(key)) {
    throw new ProducerError('KEY_INVALID', { characters: key.length });
  }
  return key;
}
