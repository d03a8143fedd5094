import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GlueClient } from '@aws-sdk/client-glue';
import type { AwsSettings } from '../config.ts';
import { awsCredentials } from '../storage/aws-credentials.ts';

export interface GlueClients {
  readonly glue: GlueClient;
  /** For StartJobRun alone: it sends each request once, because one that is repeated may start twice. */
  readonly starter: GlueClient;
  readonly logs: CloudWatchLogsClient;
}

/** In ms. */
const deadlines = { connectionTimeout: 3000, requestTimeout: 15_000, throwOnRequestTimeout: true };
const tries = 4;

/**
 * Opens what speaks to AWS Glue. Every request has its deadlines, and the SDK repeats one a few times with growing
 * pauses that are partly random.
 */
export function openGlueClients({ region, endpoint }: AwsSettings): GlueClients {
  const place = {
    region,
    credentials: awsCredentials(),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const patient = { ...place, requestHandler: deadlines, maxAttempts: tries };
  return {
    glue: new GlueClient(patient),
    starter: new GlueClient({ ...patient, maxAttempts: 1 }),
    logs: new CloudWatchLogsClient(patient),
  };
}
