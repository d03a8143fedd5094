import type { AwsSettings } from '../config.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { Executor } from './executor.ts';
import { openGlueClients } from './glue-clients.ts';
import { type GluePatience, glueExecutor } from './glue-executor.ts';

/**
 * In ms. A run shows in the list within a second or two. AWS needs minutes to put a new run in the place of one that it
 * ended for its maintenance.
 */
const patience: GluePatience = { settleMs: 20_000, pauseMs: 1000, restartMs: 30 * 60_000 };

/** The executor of AWS Glue, for jobs that run as the given role. */
export function openGlue(aws: AwsSettings, role: string): Executor {
  return glueExecutor({
    clients: openGlueClients(aws),
    storage: openStorage(aws),
    settings: { region: aws.region, role },
    patience,
    now: () => new Date(),
  });
}
