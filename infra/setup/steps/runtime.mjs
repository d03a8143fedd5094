import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../durable-file.mjs';
import { findJava } from '../host-java.mjs';
import { describeAws } from './aws-python.mjs';
import { describeClassData } from './class-data.mjs';
import { findSparkHome, listFolder, listJars, listSparkJars, placesIn } from './places.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

/** runtime.json: where everything that runs Spark and Kafka is. Written last, and removed first. */
/** @type {import('../perform-steps.mjs').Step} */
export const runtimeStep = {
  name: 'runtime',
  title: 'Description of the runtime',
  quiet: true,
  inputs: (context) => ({ text: hashText(describeRuntime(context)) }),
  outputs: ({ folder }) => {
    const text = readText(placesIn(folder).runtime);
    return text === undefined ? undefined : { text: hashText(text) };
  },
  perform: (context) => replaceFile(placesIn(context.folder).runtime, describeRuntime(context)),
};

/**
 * @param {SetupContext} context
 * @returns {string}
 */
export function describeRuntime(context) {
  const { folder } = context;
  const { command, version, home } = findJava(context);
  const spark = findSparkHome(folder) ?? '';
  const kafka = join(placesIn(folder).jars, 'kafka');
  const runtime = {
    version: 1,
    java: { command, version, home },
    python: placesIn(folder).python,
    spark: {
      version: versionOf(join(spark, 'jars'), /^spark-core_[\d.]+-(.+)\.jar$/),
      home: spark,
      submit: join(spark, 'bin', 'spark-submit'),
      jars: listSparkJars(folder),
      s3aJars: listJars(folder, 's3a'),
    },
    kafka: { version: versionOf(kafka, /^kafka_[\d.]+-(.+)\.jar$/), jars: kafka },
    classData: describeClassData(context),
    aws: describeAws(context),
  };
  return `${JSON.stringify(runtime, null, 2)}\n`;
}

/**
 * @param {string} jars
 * @param {RegExp} name
 */
function versionOf(jars, name) {
  return listFolder(jars)
    .map((jar) => name.exec(jar)?.[1])
    .find((version) => version !== undefined);
}

/**
 * @param {string} path
 * @returns {string | undefined} undefined when there is no such file
 */
export function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** @param {string} text */
export function hashText(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
