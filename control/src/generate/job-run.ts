import { indent } from '../pyspark/code-block.ts';

export interface RunParts {
  /** The Python that makes the rows from `spark`. */
  readonly rows: string;
  /** Settings of the session, as `.config(...)` lines. */
  readonly session: readonly string[];
  /** Whether the run keeps a checkpoint that no other may use at the same time. */
  readonly leased: boolean;
}

/** The functions that run the query, in reading order. */
export function runFunctions(parts: RunParts): readonly string[] {
  const session = emitStartSpark(parts.session);
  return [emitMain(parts), readArguments, session, run, wait, finishBatch, describe];
}

function emitMain({ rows, leased }: RunParts): string {
  const [taken, kept, checked, released] = leased ? leaseSteps : ['', '', '', ''];
  return `\
def main():
    """Runs until the query ends or a stop is asked for; exits non-zero when the query fails."""
    arguments = read_arguments()
    spark = start_spark()
    control = ControlFolder(spark, arguments.control, arguments.run_id)
${taken}    progress = ProgressReport(control)
${kept}    spark.streams.addListener(progress)
    trigger = {"availableNow": True} if arguments.available_now else {"processingTime": TRIGGER}
    try:
        rows = ${rows}
        start = lambda: write(rows, arguments.generation, trigger)
        query, outcome = run(start, control, progress)
    except Exception as error:
${checked}        control.write("end.json", {"outcome": "failed", "batch": progress.batch, **describe(error)})
        raise
${released}    progress.catch_up(query)
    control.write("end.json", {"outcome": outcome, "batch": progress.batch})
    spark.stop()`;
}

/** What a main with a lease does besides: take it, keep it, look at it when the query fails, let it go. */
const leaseSteps = [
  `\
    lease = open_lease(spark, arguments)
    owner = lease.take()
    if owner is not None:
        refuse(control, owner)
`,
  `
    def on_loss():
        end_fenced(spark, control, lease, progress.batch)

    lease.keep(on_loss)
`,
  `\
        if not lease.is_mine():
            on_loss()
`,
  `\
    lease.release()
`,
] as const;

const readArguments = `\
def read_arguments():
    """All are optional. Unknown ones are ignored, because AWS Glue adds its own."""
    parser = argparse.ArgumentParser(description=f"The streaming job {PIPELINE}.")
    parser.add_argument("--control", help="folder to report to and to be stopped through")
    parser.add_argument("--run-id", help="name of this run in the reports")
    parser.add_argument("--generation", type=int, default=1, help="which checkpoint and output")
    parser.add_argument("--available-now", action="store_true", help="drain the source, then end")
    return parser.parse_known_args()[0]`;

function emitStartSpark(session: readonly string[]): string {
  return `\
def start_spark():
    return (
        SparkSession.builder.appName(PIPELINE)
        .config("spark.sql.session.timeZone", "UTC")
${session.map((config) => `${indent(config, 2)}\n`).join('')}        .getOrCreate()
    )`;
}

const run = `\
def run(start, control, progress):
    """The query that ran, and "stopped" or "finished"; raises what it died of."""
    control.keep_alive()
    query = start()
    try:
        return query, wait(query, control, progress)
    except Exception as error:
        # Spark 4.1.1 commits a batch that it takes over from a killed run, but then dies of the
        # report on it: its Kafka source has not asked for the latest offsets yet. Such a batch is
        # done, and the next start goes on behind it.
        if "IterableOps.map" not in str(error) or 'Option.get()" is null' not in str(error):
            raise
    query = start()
    return query, wait(query, control, progress)`;

const wait = `\
def wait(query, control, progress):
    """Says "stopped" or "finished"; raises what the query died of."""
    while not query.awaitTermination(0.5):
        if control.exists("stop"):
            control.phase = "stopping"
            finish_batch(query, progress)
            query.stop()
            return "stopped"
    return "finished"`;

const finishBatch = `\
def finish_batch(query, progress):
    """Returns between two batches. Stopping within one is safe too, but throws its work away."""
    batch = progress.batch
    while query.isActive and query.status["isTriggerActive"] and progress.batch == batch:
        time.sleep(0.02)`;

const describe = `\
def describe(error):
    """Condition (Spark's name for the error, if it has one) and message of an exception."""
    condition = getattr(error, "getCondition", getattr(error, "getErrorClass", lambda: None))()
    return {"condition": condition or type(error).__name__, "message": str(error)[:4000]}`;
