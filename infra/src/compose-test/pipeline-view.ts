import { setTimeout as sleep } from 'node:timers/promises';

interface SeenPipeline {
  readonly observed: { readonly state: string; readonly cause?: { readonly sentence: string } };
  readonly merge?: { readonly rows?: { readonly rows: number } };
}

/** The pipeline as the service in the containers tells of it. */
export class PipelineView {
  readonly #address: string;

  constructor(url: string, name: string) {
    this.#address = `${url}/api/v1/pipelines/${name}/status`;
  }

  /** Rows in the merged file; undefined while the service does not answer. */
  async rows(): Promise<number | undefined> {
    return (await this.#look())?.merge?.rows?.rows;
  }

  /** Waits until the pipeline works and its merged file has so many rows. */
  async waitForRows(wanted: number, seconds: number): Promise<number> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      const seen = await this.#look();
      const rows = seen?.merge?.rows?.rows ?? 0;
      if (rows >= wanted && seen?.observed.state === 'RUNNING') return rows;
      if (performance.now() > deadline) {
        const { state, cause } = seen?.observed ?? { state: 'not answering' };
        const why = `it has ${rows} and is ${state}. ${cause?.sentence ?? ''}`;
        throw new ComposeTestError(`Not ${wanted} rows within ${seconds} s: ${why}`);
      }
      await sleep(500);
    }
  }

  async #look(): Promise<SeenPipeline | undefined> {
    try {
      const answer = await fetch(this.#address, { signal: AbortSignal.timeout(5000) });
      return answer.ok ? ((await answer.json()) as SeenPipeline) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** What did not happen as it must. */
export class ComposeTestError extends Error {
  override readonly name = 'ComposeTestError';
}
