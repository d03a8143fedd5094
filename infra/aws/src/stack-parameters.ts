import { CfnCondition, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';

/** What somebody who deploys the stack may say; the defaults suit a first account. */
export interface StackParameters {
  readonly artifactsBucket: string;
  readonly collectorKey: string;
  readonly apiRoot: string;
  readonly allowPrivateApi: string;
  readonly pages: string;
  readonly keyParameter: string;
  readonly hasKey: CfnCondition;
  readonly schedule: string;
  readonly scheduleState: string;
  readonly snapshotDays: number;
  readonly logDays: number;
  readonly glueVersion: string;
  readonly workerType: string;
  readonly workers: number;
  readonly alarmEmail: string;
  readonly hasEmail: CfnCondition;
}

/** Declares the parameters in a stack. */
export function addParameters(stack: Stack): StackParameters {
  return { ...addCollectorParameters(stack), ...addJobParameters(stack), ...addAlarms(stack) };
}

function addCollectorParameters(stack: Stack) {
  const keyParameter = new CfnParameter(stack, 'KeyParameter', {
    description:
      'Name of a SecureString in the Parameter Store that holds a CoinGecko demo key, as /sluice/coingecko; empty: no key.',
    default: '',
    allowedPattern: '^(/[A-Za-z0-9_.-]+)*$',
  });
  return {
    ...addCodeParameters(stack),
    ...addApiParameters(stack),
    ...addScheduleParameters(stack),
    keyParameter: keyParameter.valueAsString,
    hasKey: isGiven(stack, 'HasKey', keyParameter),
  };
}

function addCodeParameters(stack: Stack) {
  const artifactsBucket = new CfnParameter(stack, 'ArtifactsBucket', {
    description: 'Bucket of this region that holds the zip of the collector.',
    allowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  });
  const collectorKey = new CfnParameter(stack, 'CollectorKey', {
    description: 'Key of that zip. Another key is how a new version of the collector is deployed.',
    minLength: 1,
  });
  return {
    artifactsBucket: artifactsBucket.valueAsString,
    collectorKey: collectorKey.valueAsString,
  };
}

function addApiParameters(stack: Stack) {
  const apiRoot = new CfnParameter(stack, 'ApiRoot', {
    description: 'Root of the API of the markets.',
    default: 'https://api.coingecko.com/api/v3',
    allowedPattern: '^https?://[^?#@]+$',
  });
  const allowPrivateApi = new CfnParameter(stack, 'AllowPrivateApi', {
    description: 'Whether the API may be on a private network and without TLS, as a stand-in is.',
    default: 'false',
    allowedValues: ['true', 'false'],
  });
  const pages = new CfnParameter(stack, 'Pages', {
    description: 'Pages of 100 coins in a snapshot. Each costs one call of the quota.',
    type: 'Number',
    default: 1,
    minValue: 1,
    maxValue: 50,
  });
  return {
    apiRoot: apiRoot.valueAsString,
    allowPrivateApi: allowPrivateApi.valueAsString,
    pages: pages.valueAsString,
  };
}

/** A demo key gives 10,000 calls a month, one each 4.5 minutes. */
function addScheduleParameters(stack: Stack) {
  const schedule = new CfnParameter(stack, 'Schedule', {
    description:
      'When a snapshot is collected, as rate(5 minutes) or cron(...), which a demo key allows for one page.',
    default: 'rate(5 minutes)',
    allowedPattern: '^(rate|cron)\\(.+\\)$',
  });
  const scheduleState = new CfnParameter(stack, 'ScheduleState', {
    description: 'DISABLED: snapshots are collected only when the function is invoked by hand.',
    default: 'ENABLED',
    allowedValues: ['ENABLED', 'DISABLED'],
  });
  const snapshotDays = new CfnParameter(stack, 'SnapshotDays', {
    description: 'Days after which snapshots are removed. The job must have read them by then.',
    type: 'Number',
    default: 90,
    minValue: 7,
  });
  return {
    schedule: schedule.valueAsString,
    scheduleState: scheduleState.valueAsString,
    snapshotDays: snapshotDays.valueAsNumber,
  };
}

/** The same choices as the clause `targets: { glue: ... }` of a spec. */
function addJobParameters(stack: Stack) {
  const glueVersion = new CfnParameter(stack, 'GlueVersion', {
    description: 'Version of AWS Glue until Sluice starts the job, which then follows the spec.',
    default: '6.0',
    allowedValues: ['6.0', '5.1', '5.0'],
  });
  const workerType = new CfnParameter(stack, 'WorkerType', {
    description: 'Size of a worker. G.025X is the smallest, for streams only.',
    default: 'G.025X',
    allowedValues: ['G.025X', 'G.1X', 'G.2X', 'G.4X', 'G.8X'],
  });
  const workers = new CfnParameter(stack, 'Workers', {
    description: 'Number of workers. One of them is the driver.',
    type: 'Number',
    default: 2,
    minValue: 2,
    maxValue: 299,
  });
  return {
    glueVersion: glueVersion.valueAsString,
    workerType: workerType.valueAsString,
    workers: workers.valueAsNumber,
  };
}

function addAlarms(stack: Stack) {
  const alarmEmail = new CfnParameter(stack, 'AlarmEmail', {
    description: 'Address that is told of failures; empty: subscribe to the topic by other means.',
    default: '',
    allowedPattern: '^$|^[^@ ]+@[^@ ]+$',
  });
  const logDays = new CfnParameter(stack, 'LogDays', {
    description: 'Days for which the log of the collector is kept.',
    type: 'Number',
    default: '30',
    allowedValues: ['1', '3', '5', '7', '14', '30', '60', '90', '180', '365'],
  });
  return {
    alarmEmail: alarmEmail.valueAsString,
    hasEmail: isGiven(stack, 'HasEmail', alarmEmail),
    logDays: logDays.valueAsNumber,
  };
}

function isGiven(stack: Stack, name: string, parameter: CfnParameter): CfnCondition {
  const isEmpty = Fn.conditionEquals(parameter.valueAsString, '');
  return new CfnCondition(stack, name, { expression: Fn.conditionNot(isEmpty) });
}
