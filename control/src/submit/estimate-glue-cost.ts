import prices from './aws-prices.json' with { type: 'json' };

export interface GlueUse {
  readonly version: keyof typeof prices.glueDpuHour;
  readonly workerType: keyof typeof prices.dpuOfWorker;
  readonly workers: number;
  readonly triggerMs: number;
  /** How often the service looks at the run's files. */
  readonly pollMs: number;
}

/** One line of an estimate. Dollars are US dollars a month. */
export interface CostLine {
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  readonly dollarsEach: number;
  readonly dollars: number;
}

export interface CostEstimate {
  readonly lines: readonly CostLine[];
  readonly dollars: number;
  /** When and where the prices were looked up. */
  readonly prices: { readonly date: string; readonly region: string; readonly sources: string[] };
  readonly assumptions: readonly string[];
}

const hours = 730;
const secondsOfMonth = hours * 3600;

/**
 * Requests of one batch with two part files, and of each second of lease, signs of life and stop marker, as counted
 * on Spark 4.1.1 with S3A 3.4.2. Renames copy in a bucket, and lists are priced as writes.
 */
const ofBatch = { writes: 41, reads: 46 };
const ofSecond = { writes: 0.4, reads: 1.5 };
const readsOfLook = 4;
const logGigabytes = 1;

/**
 * What a run costs that goes on for a month and has a batch at each trigger. An estimate: without data there are
 * fewer batches, and data itself (bytes kept and read, the requests of a source) is not counted.
 */
export function estimateGlueCost(use: GlueUse): CostEstimate {
  const batches = secondsOfMonth / Math.max(1, use.triggerMs / 1000);
  const looks = secondsOfMonth / (use.pollMs / 1000);
  const dpuHours = hours * use.workers * prices.dpuOfWorker[use.workerType];
  const requests = [
    writes('S3 writes and lists of the batches', batches * ofBatch.writes),
    reads('S3 reads of the batches', batches * ofBatch.reads),
    writes('S3 writes for lease and signs of life', secondsOfMonth * ofSecond.writes),
    reads('S3 reads for lease and stop marker', secondsOfMonth * ofSecond.reads),
    reads('S3 reads of the signs by the service', looks * readsOfLook),
  ];
  const lines = [
    line(`AWS Glue ${use.version}, ${use.workers} x ${use.workerType}`, {
      quantity: dpuHours,
      unit: 'DPU-hours',
      dollarsEach: prices.glueDpuHour[use.version],
    }),
    ...requests,
    line('CloudWatch Logs', {
      quantity: logGigabytes,
      unit: 'GB',
      dollarsEach: prices.logsGigabyte,
    }),
  ];
  const { date, region, sources } = prices;
  return {
    lines,
    dollars: cents(lines.reduce((sum, { dollars }) => sum + dollars, 0)),
    prices: { date, region, sources },
    assumptions: [
      `${hours} hours without a pause, a batch at each trigger`,
      `${ofBatch.writes} writes or lists and ${ofBatch.reads} reads in S3 a batch, ${logGigabytes} GB of logs`,
      'data kept, read and moved is not counted',
    ],
  };
}

const writes = (what: string, quantity: number) =>
  line(what, { quantity, unit: 'requests', dollarsEach: prices.s3WriteOrList });
const reads = (what: string, quantity: number) =>
  line(what, { quantity, unit: 'requests', dollarsEach: prices.s3Read });

function line(what: string, cost: Pick<CostLine, 'quantity' | 'unit' | 'dollarsEach'>): CostLine {
  const quantity = Math.round(cost.quantity);
  return { what, ...cost, quantity, dollars: cents(quantity * cost.dollarsEach) };
}

function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
