import { SluiceError } from './errors/sluice-error.ts';
import type { Target } from './target.ts';

export interface StandaloneSettings {
  /** `spark://host:port` */
  readonly master?: string;
  /** The master's web page, which also tells what the cluster has: `http://host:port`. */
  readonly masterUi?: string;
  /** The name or address by which workers reach this machine. */
  readonly driverHost?: string;
}

export interface GlueSettings {
  /** Where relative paths of specs start: `s3://bucket` or `s3://bucket/prefix`. */
  readonly folder?: string;
  /** Role that the jobs run as: its ARN or its name. */
  readonly role?: string;
}

/** The variables that a target cannot do without. */
export const targetNeeds: Readonly<Record<Target, string>> = Object.freeze({
  local: 'nothing',
  standalone: 'SLUICE_SPARK_MASTER and SLUICE_SPARK_MASTER_UI',
  glue: 'SLUICE_GLUE_FOLDER and SLUICE_GLUE_ROLE',
});

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws CONFIG_INVALID. */
export function readStandalone(environment: Environment): StandaloneSettings {
  return Object.freeze({
    ...readForm(environment, 'master', sparkMaster),
    ...readForm(environment, 'masterUi', sparkMasterUi),
    ...readForm(environment, 'driverHost', driverHost),
  });
}

/** Throws CONFIG_INVALID. */
export function readGlue(environment: Environment): GlueSettings {
  return Object.freeze({
    ...readForm(environment, 'folder', glueFolder),
    ...readForm(environment, 'role', glueRole),
  });
}

interface TextForm {
  readonly name: string;
  readonly pattern: RegExp;
  readonly wanted: string;
}

const sparkMaster: TextForm = {
  name: 'SLUICE_SPARK_MASTER',
  pattern: /^spark:\/\/[^\s/,]+:\d+$/,
  wanted: 'an address such as spark://127.0.0.1:7077',
};
const sparkMasterUi: TextForm = {
  name: 'SLUICE_SPARK_MASTER_UI',
  pattern: /^https?:\/\/[^\s/]+\/?$/,
  wanted: 'an http address such as http://127.0.0.1:8080',
};
const driverHost: TextForm = {
  name: 'SLUICE_DRIVER_HOST',
  pattern: /^[\w.:-]{1,255}$/,
  wanted: 'a host name or an address of this machine',
};
const glueFolder: TextForm = {
  name: 'SLUICE_GLUE_FOLDER',
  pattern: /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.=-]+)*\/?$/,
  wanted: 'a bucket, perhaps with a prefix, such as s3://my-bucket/sluice',
};
const glueRole: TextForm = {
  name: 'SLUICE_GLUE_ROLE',
  pattern: /^[\w+=,.@:/-]{1,2048}$/,
  wanted: 'the ARN or the name of a role',
};

/** A variable that is not set leaves its field out. A slash at the end is cut off. */
function readForm<Field extends string>(
  environment: Environment,
  field: Field,
  { name, pattern, wanted }: TextForm,
): { readonly [name in Field]?: string } {
  const text = environment[name];
  if (text === undefined || text === '') return {};
  if (!pattern.test(text)) {
    throw new SluiceError('CONFIG_INVALID', { name, value: JSON.stringify(text), wanted });
  }
  return { [field]: text.replace(/\/$/, '') } as { readonly [name in Field]: string };
}
