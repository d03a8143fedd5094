import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';

/** How the merged file differs from what was sent, row by row. */
export interface RowCheck {
  readonly rowsExpected: number;
  readonly rowsMerged: number;
  /** Rows that were sent and are not in the file. */
  readonly missing: number;
  /** Copies in the file of a row that was sent fewer times. */
  readonly doubled: number;
  /** Rows in the file that were never sent: a changed row is one of these and one of the missing. */
  readonly changed: number;
}

interface SentEvent {
  readonly customerId: string;
  readonly eventId: string;
  readonly eventOffset: number;
  readonly eventPublisher: string;
  readonly eventTime: string;
  readonly data: { readonly devices: readonly SentDevice[] };
}

interface SentDevice {
  readonly deviceId: string | null;
  readonly measure: string;
  readonly status: string | null;
  readonly temperature: number;
}

const header =
  'customerId,eventId,eventOffset,eventPublisher,eventTime,deviceId,measure,status,temperature';

/** Compares the merged CSV with the record of acknowledged events, as multisets of rows. */
export async function checkRows(sentFile: string, mergedFile: string): Promise<RowCheck> {
  const balance = await countExpected(sentFile);
  const rowsExpected = balance.total;
  let rowsMerged = 0;
  let doubled = 0;
  let changed = 0;
  for await (const cells of readRecords(mergedFile)) {
    if (rowsMerged === 0 && changed === 0 && cells.join(',') === header) continue;
    rowsMerged += 1;
    const key = JSON.stringify(cells);
    const left = balance.rows.get(key);
    if (left === undefined) changed += 1;
    else if (left === 0) doubled += 1;
    else balance.rows.set(key, left - 1);
  }
  const missing = [...balance.rows.values()].reduce((sum, left) => sum + left, 0);
  return { rowsExpected, rowsMerged, missing, doubled, changed };
}

/** How many rows the recorded events give: one for each of their devices. */
export async function countExpectedRows(sentFile: string): Promise<number> {
  return (await countExpected(sentFile)).total;
}

async function countExpected(sentFile: string) {
  const rows = new Map<string, number>();
  let total = 0;
  for await (const line of createInterface({ input: createReadStream(sentFile) })) {
    for (const cells of rowsOf(JSON.parse(line) as SentEvent)) {
      const key = JSON.stringify(cells);
      rows.set(key, (rows.get(key) ?? 0) + 1);
      total += 1;
    }
  }
  return { rows, total };
}

/** The nine cells of each row of an event, as text; a null is an empty cell. */
function rowsOf(event: SentEvent): readonly string[][] {
  const { customerId, eventId, eventOffset, eventPublisher, eventTime } = event;
  const shared = [customerId, eventId, String(eventOffset), eventPublisher, eventTime];
  return event.data.devices.map(({ deviceId, measure, status, temperature }) => [
    ...shared,
    ...[deviceId ?? '', measure, status ?? '', String(temperature)],
  ]);
}

async function* readRecords(file: string): AsyncIterable<string[]> {
  yield* createReadStream(file).pipe(parse({ relax_column_count: true }));
}
