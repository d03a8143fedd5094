/**
 * Runs a short Spark stream from a throw-away Kafka and has Java write down the classes it loaded. Started by
 * set-up with one argument: its settings as JSON. Needs Node 24, because the broker is TypeScript.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { startKafkaBroker } from '../src/kafka-broker.ts';

/**
 * @typedef {object} TrainingSettings
 * @property {string} archive file to write
 * @property {string} java
 * @property {string} python
 * @property {string} sparkHome
 * @property {readonly string[]} sparkJars
 * @property {string} kafkaJars
 * @property {string} folder for everything else that is written; removed by the caller
 */

const DEADLINE_MS = 180_000;

await train(JSON.parse(process.argv[2] ?? '{}'));

/** @param {TrainingSettings} settings */
async function train(settings) {
  const broker = await startKafkaBroker({
    folder: join(settings.folder, 'kafka'),
    jars: settings.kafkaJars,
    java: settings.java,
  });
  try {
    process.exitCode = await submit(settings, broker.servers);
  } finally {
    await broker.stop();
  }
}

/**
 * The same class path and the same way of starting as a pipeline's driver: the archive fits nothing else.
 * @param {TrainingSettings} settings
 * @param {string} servers
 * @returns {Promise<number>} exit code
 */
function submit(settings, servers) {
  const args = [
    ...['--master', 'local[2]', '--driver-memory', '1g'],
    ...['--conf', `spark.driver.extraClassPath=${settings.sparkJars.join(':')}`],
    ...['--conf', `spark.driver.extraJavaOptions=${javaOptions(settings.archive)}`],
    join(import.meta.dirname, 'training-job.py'),
    ...[servers, join(settings.folder, 'output')],
  ];
  const child = spawn(join(settings.sparkHome, 'bin', 'spark-submit'), args, {
    cwd: settings.folder,
    env: environment(settings),
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * @param {string} archive
 * @returns {string} split by Spark as a shell would, hence the quotes around a path that may hold a space
 */
function javaOptions(archive) {
  return `-XX:+UseParallelGC -XX:ArchiveClassesAtExit="${archive}"`;
}

/**
 * @param {TrainingSettings} settings
 * @returns {NodeJS.ProcessEnv}
 */
function environment(settings) {
  return {
    ...process.env,
    PATH: `${dirname(settings.python)}:${process.env.PATH}`,
    SPARK_HOME: settings.sparkHome,
    SPARK_LOCAL_IP: '127.0.0.1',
    PYSPARK_PYTHON: settings.python,
  };
}
