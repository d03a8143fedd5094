/** A source as a job reports it: offsets as Spark writes them, `{topic: {partition: offset}}`, or that as text. */
export interface SourceOffsets {
  readonly endOffset?: unknown;
  readonly latestOffset?: unknown;
}

/**
 * Records that are in the topics but not yet read, summed over all partitions. Undefined when no source says
 * both offsets: not knowing is not zero.
 */
export function measureLag(sources: readonly SourceOffsets[]): number | undefined {
  const lags = sources.map(lagOfSource).filter((lag) => lag !== undefined);
  return lags.length === 0 ? undefined : lags.reduce((sum, lag) => sum + lag, 0);
}

function lagOfSource({ endOffset, latestOffset }: SourceOffsets): number | undefined {
  const end = offsetsByPartition(endOffset);
  const latest = offsetsByPartition(latestOffset);
  if (end === undefined || latest === undefined || latest.size === 0) return undefined;
  let lag = 0;
  for (const [partition, offset] of latest) lag += Math.max(0, offset - (end.get(partition) ?? 0));
  return lag;
}

function offsetsByPartition(value: unknown): Map<string, number> | undefined {
  const topics = typeof value === 'string' ? parse(value) : value;
  if (!isRecord(topics)) return undefined;
  const offsets = new Map<string, number>();
  for (const [topic, partitions] of Object.entries(topics)) {
    if (!isRecord(partitions)) return undefined;
    for (const [partition, offset] of Object.entries(partitions)) {
      if (typeof offset !== 'number') return undefined;
      offsets.set(`${topic}/${partition}`, offset);
    }
  }
  return offsets;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
