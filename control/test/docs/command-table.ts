/** A test that runs a command, and words in it by which one sees that it does. */
export interface Elsewhere {
  readonly test: string;
  readonly words: string;
}

/** Commands of the documentation that are too large to be run by a docs test, and who runs them. */
export const ranElsewhere: Readonly<Record<string, Elsewhere>> = {
  'npm test': { test: '.ci/run', words: 'npm test' },
  'npm run demo': { test: 'infra/test/demo.journey.test.ts', words: 'demo' },
  'npm run demo -- --events 20000': {
    test: 'infra/test/demo.journey.test.ts',
    words: '--events',
  },
  'npm run test:compose': { test: 'package.json', words: '"test:compose"' },
  'docker compose up --build --detach --wait': {
    test: 'infra/src/compose-test/compose-project.ts',
    words: "'up', '--detach', '--no-build', '--wait'",
  },
  'docker compose exec control sluice apply infra/src/docker/device-events.yaml --target standalone --start':
    {
      test: 'infra/src/compose-test/compose-test.ts',
      words: "'exec', '--no-TTY', 'control', 'sluice', 'apply', ...sample",
    },
  'docker compose cp control:/data/data/device-events.csv .': {
    test: 'infra/src/compose-test/compose-test.ts',
    words: "'cp', `control:/data/data/",
  },
  'docker compose --profile aws up --build --detach --wait': {
    test: 'infra/test/docker-compose.test.ts',
    words: "['aws', 'aws-markets']",
  },
  // The same spec, target and object as in the demo, which a test runs on an emulator without a container.
  'docker compose exec control sluice apply spark-jobs/specs/crypto-markets.yaml --target glue --start':
    {
      test: 'infra/src/demo-aws/aws-demo-stage.ts',
      words: "api.put(pipelineName, await readFile(places.spec, 'utf8'), 'glue')",
    },
  'curl --output crypto-markets.csv http://127.0.0.1:4566/sluice/output/crypto-markets.csv': {
    test: 'infra/src/demo-aws/run-aws-demo.ts',
    words: "'output/crypto-markets.csv'",
  },
  'npm run demo:aws': { test: 'infra/test/demo-aws.journey.test.ts', words: "'demo:aws'" },
  'npm run produce -- device-events --to stdout --count 20 --rate max --seed x': {
    test: 'producers/src/produce.test.ts',
    words: "'--to', 'stdout', '--count', '600', '--rate', 'max', '--seed', 'x'",
  },
  'npm run produce -- crypto-markets --count 1': {
    test: 'producers/src/crypto-markets/produce-crypto-markets.test.ts',
    words: "'--count', '1'",
  },
  'npm run produce -- web-page producers/samples/quotes.yaml --dry-run': {
    test: 'control/test/journeys/web-quotes.journey.test.ts',
    words: "scrape('--dry-run')",
  },
  'npm run produce -- web-page producers/samples/quotes.yaml --listen 8360': {
    test: 'producers/src/web-page/produce-web-page.test.ts',
    words: "'--listen', '0'",
  },
  'npx sluice apply spark-jobs/specs/web-quotes.yaml': {
    test: 'control/test/journeys/web-quotes.journey.test.ts',
    words: "stage.ask('PUT', '/api/v1/pipelines/web-quotes', await stage.readSpec())",
  },
  'npx sluice start web-quotes': {
    test: 'control/test/journeys/web-quotes.journey.test.ts',
    words: 'stage.start()',
  },
  'export SPARK_HOME=$PWD/.sluice/python/lib/python3.11/site-packages/pyspark': {
    test: 'infra/src/spark-daemon.ts',
    words: 'SPARK_HOME',
  },
  'export SPARK_DAEMON_MEMORY=256m': {
    test: 'infra/src/spark-daemon.ts',
    words: "SPARK_DAEMON_MEMORY: '256m'",
  },
  'SPARK_DAEMON_JAVA_OPTS="-Dspark.deploy.recoveryMode=FILESYSTEM -Dspark.deploy.recoveryDirectory=$PWD/.sluice/recovery"   $SPARK_HOME/bin/spark-class org.apache.spark.deploy.master.Master --host "$(hostname)" --port 7077 --webui-port 8080 &':
    {
      test: 'infra/src/spark-cluster.ts',
      words: 'org.apache.spark.deploy.master.Master',
    },
  '$SPARK_HOME/bin/spark-class org.apache.spark.deploy.worker.Worker -c 2 -m 4g "spark://$(hostname):7077" &':
    {
      test: 'infra/src/spark-cluster.ts',
      words: 'org.apache.spark.deploy.worker.Worker',
    },
  'export SLUICE_SPARK_MASTER=spark://HOST:7077 SLUICE_SPARK_MASTER_UI=http://HOST:8080': {
    test: 'control/test/standalone.spark.test.ts',
    words: 'SLUICE_SPARK_MASTER_UI',
  },
  'npm run sluice -- apply spark-jobs/specs/device-events.yaml --target standalone': {
    test: 'control/test/standalone.spark.test.ts',
    words: '?target=standalone',
  },
  'npm run sluice -- start device-events': {
    test: 'control/test/standalone.spark.test.ts',
    words: "post('ticks', 'start')",
  },
  'npm run sluice -- serve &': {
    test: 'control/test/standalone.spark.test.ts',
    words: 'startServiceProcess',
  },
  'npm run demo -- --target standalone': {
    test: 'infra/test/demo.journey.test.ts',
    words: "'--target', 'standalone'",
  },
};

/** Pages whose commands are run from top to bottom, as they are written, and by which test. */
export const ranInOrder: Readonly<Record<string, string>> = {
  'README.md': 'control/test/docs-first-pipeline.spark.test.ts',
  'docs/operating.md': 'control/test/docs-first-pipeline.spark.test.ts',
  'docs/merged-file.md': 'control/test/docs-merged-file.test.ts',
  'docs/api.md': 'control/test/docs-api.test.ts',
};
