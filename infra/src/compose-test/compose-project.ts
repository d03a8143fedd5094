import { execa } from 'execa';
import { claimPorts } from '../free-ports.ts';

/** A compose project of its own: own name, own ports, own volumes. */
export class ComposeProject {
  readonly #root: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly url: string;

  private constructor(root: string, ports: readonly [number, number, number]) {
    const [control, kafka, master] = ports.map(String) as [string, string, string];
    this.#root = root;
    this.#environment = {
      COMPOSE_PROJECT_NAME: `sluice-test-${process.pid}`,
      SLUICE_PORT: control,
      KAFKA_HOST_PORT: kafka,
      SPARK_UI_PORT: master,
    };
    this.url = `http://127.0.0.1:${control}`;
  }

  static async plan(root: string): Promise<ComposeProject> {
    const [control, kafka] = await claimPorts(0);
    const [master] = await claimPorts(0);
    return new ComposeProject(root, [control, kafka, master]);
  }

  /** Runs `docker compose WORDS`; its output is in what is thrown when it fails. */
  async run(...words: readonly string[]): Promise<string> {
    const files = ['--file', 'docker-compose.yml', '--file', 'infra/src/compose-test/record.yaml'];
    const { stdout } = await execa('docker', ['compose', ...files, ...words], {
      cwd: this.#root,
      env: this.#environment,
      stdin: 'ignore',
    });
    return stdout;
  }

  /** Starts what does not run and waits until all of it is healthy. */
  up(): Promise<string> {
    return this.run('up', '--detach', '--no-build', '--wait', '--wait-timeout', '600');
  }

  /** Everything away, the volumes too; the image stays. */
  remove(): Promise<string> {
    return this.run('down', '--volumes', '--remove-orphans');
  }
}

/** Why there is no Docker to work with; undefined when there is. */
export async function findDockerProblem(): Promise<string | undefined> {
  for (const words of [['info'], ['compose', 'version']]) {
    const { failed, stderr, shortMessage } = await execa('docker', words, { reject: false });
    if (failed) return String(stderr || shortMessage).split('\n', 1)[0];
  }
  return undefined;
}
