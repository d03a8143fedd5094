import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { daemonEnvironment } from '../spark-daemon.ts';
import { readRuntime } from './read-runtime.ts';
import { runForeground } from './run-foreground.ts';

/*
 * `spark.ts master`, `spark.ts worker CORES MEMORY MASTER`: one of Spark's own two programs of a standalone cluster as a
 * container's program. Containers find each other by their host names.
 */
const folder = '/spark';
const [role, cores = '1', memory = '1g', master = 'spark://spark-master:7077'] =
  process.argv.slice(2);
const runtime = readRuntime();

const programs = {
  master: {
    main: 'org.apache.spark.deploy.master.Master',
    words: ['--host', hostname(), '--port', '7077', '--webui-port', '8080'],
    properties: {
      // A master that comes back finds workers and applications again.
      'spark.deploy.recoveryMode': 'FILESYSTEM',
      'spark.deploy.recoveryDirectory': join(folder, 'recovery'),
      'spark.master.rest.enabled': 'false',
      // A worker that was killed and started again is another one; the old one is forgotten after so many seconds.
      'spark.worker.timeout': '20',
    },
  },
  worker: {
    main: 'org.apache.spark.deploy.worker.Worker',
    words: [
      ...['--host', hostname(), '--port', '7078', '--webui-port', '8081'],
      ...['-c', cores, '-m', memory, '--work-dir', join(folder, 'work'), master],
    ],
    properties: { 'spark.worker.cleanup.enabled': 'true', 'spark.worker.timeout': '20' },
  },
};

if (role !== 'master' && role !== 'worker')
  throw new TypeError('usage: spark.ts master|worker ...');
const { main, words, properties } = programs[role];
mkdirSync(join(folder, 'recovery'), { recursive: true });
const { SPARK_LOCAL_IP: _loopback, ...environment } = daemonEnvironment({
  ...{ runtime, folder, properties: { ...properties, 'spark.port.maxRetries': 0 } },
});
await runForeground(join(runtime.spark.home, 'bin', 'spark-class'), [main, ...words], environment);
