import { DemoError } from './demo-errors.ts';

/** The parts of a pipeline's status that the demo shows (see /openapi.json for all of it). */
export interface PipelineStatus {
  readonly observed: {
    readonly state: string;
    readonly since: string;
    readonly cause?: { readonly sentence: string; readonly next: string };
  };
  readonly run?: {
    readonly id: string;
    readonly lastBatch?: number;
    readonly state: string;
    /** Leads the driver's process group. */
    readonly pid?: number;
    /** The Spark master's name of the run. */
    readonly application?: string;
  };
  readonly progress?: {
    readonly batch: number;
    readonly batchMs: number;
    readonly totals: { readonly rows: number; readonly deadLetters: number };
    readonly lag?: number;
  };
  readonly merge?: { readonly rows?: MergeStatus; readonly deadLetters?: MergeStatus };
}

export interface MergeStatus {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly state: string;
}

const REQUEST_MS = 10_000;

/** Calls the control service the way any user of its HTTP API would. */
export class ControlApi {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async isReady(): Promise<boolean> {
    try {
      const reply = await fetch(`${this.url}/health/live`, { signal: AbortSignal.timeout(2_000) });
      return reply.ok;
    } catch {
      return false;
    }
  }

  /** @param target where its runs go; where they went before, or this machine, when absent. */
  async put(name: string, yaml: string, target?: string): Promise<void> {
    const headers = { 'content-type': 'application/yaml' };
    const query = target === undefined ? '' : `?target=${target}`;
    await this.#ask('PUT', `/api/v1/pipelines/${name}${query}`, { headers, body: yaml });
  }

  async start(name: string): Promise<void> {
    await this.#ask('POST', `/api/v1/pipelines/${name}/start`);
  }

  async stop(name: string): Promise<void> {
    await this.#ask('POST', `/api/v1/pipelines/${name}/stop`);
  }

  async status(name: string): Promise<PipelineStatus> {
    return (await this.#ask('GET', `/api/v1/pipelines/${name}/status`)) as PipelineStatus;
  }

  /** Names of all pipelines the service knows. */
  async names(): Promise<readonly string[]> {
    const page = (await this.#ask('GET', '/api/v1/pipelines?from=0&size=1000')) as {
      items: { name: string }[];
    };
    return page.items.map((item) => item.name);
  }

  async #ask(method: string, path: string, init: RequestInit = {}): Promise<unknown> {
    const signal = AbortSignal.timeout(REQUEST_MS);
    const reply = await fetch(this.url + path, { method, signal, ...init });
    const body = await reply.json();
    if (reply.ok) return body;
    const { detail = reply.statusText, next = 'Read the log of the control service.' } = body as {
      detail?: string;
      next?: string;
    };
    const request = `${method} ${path}`;
    throw new DemoError('DEMO_API_REFUSED', { request, status: reply.status, detail, next });
  }
}
