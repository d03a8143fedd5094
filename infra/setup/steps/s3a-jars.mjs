import { bringJars, inputsOfJars, outputsOfJars } from './ivy-jars.mjs';

/** @type {import('./ivy-jars.mjs').JarSet} */
const set = {
  title: 'Jars that let Spark read and write S3',
  ivy: 'ivy-aws.xml',
  hashes: 'jars-aws.sha256',
  configurations: ['s3a'],
};

/** Hadoop's S3A and the modules of the AWS SDK that it uses. */
/** @type {import('../perform-steps.mjs').Step} */
export const s3aJarsStep = {
  name: 's3a-jars',
  title: set.title,
  inputs: (context) => inputsOfJars(context, set),
  outputs: (context) => outputsOfJars(context, set),
  perform: (context) => bringJars(context, set),
};
