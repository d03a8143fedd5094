import { indent } from '../pyspark/code-block.ts';

export interface RunParts {
  /** The Python that makes the rows from `spark` and `arguments`. */
  readonly rows: string;
  /** Settings of the session, as `.config(...)` lines. */
  readonly session: readonly string[];
  /** Whether the run keeps a checkpoint that no other may use at the same time. */
  readonly leased: boolean;
  /** Whether the spec names a path, which may be a relative one. */
  readonly hasPaths: boolean;
  /** Whether the spec refers to variables of the environment. */
  readonly hasVariables: boolean;
}

/** The functions that run the query, in reading order. */
export function runFunctions(parts: RunParts): readonly string[] {
  return [
    emitMain(parts),
    emitReadArguments(parts),
    locate,
    emitStartSpark(parts),
    run,
    wait,
    finishBatch,
    reportFailure,
    describe,
  ];
}

function emitMain({ rows, leased, hasVariables }: RunParts): string {
  const steps = leased ? withLease : withoutLease;
  return `\
def main():
    """Runs until the query ends or a stop is asked for; exits non-zero when the query fails."""
    arguments = read_arguments()
${hasVariables ? '    os.environ.update(arguments.variables)\n' : ''}${steps.start}
    control = ControlFolder(spark, arguments.control, arguments.run_id)
    progress = ProgressReport(control)
    trigger = {"availableNow": True} if arguments.available_now else {"processingTime": TRIGGER}
${steps.before}    try:
${steps.take}        spark.streams.addListener(progress)
        rows = ${rows}
        query, outcome = run(lambda: ${steps.write}, control, progress)
    except Exception as error:
${steps.failed}        report_failure(control, progress, error)
        raise
${steps.ended}    progress.catch_up(query)
    control.write("end.json", {"outcome": outcome, "batch": progress.batch})
    spark.stop()`;
}

const withoutLease = {
  start: '    spark = start_spark()',
  before: '',
  take: '',
  write: 'write(rows, trigger)',
  failed: '',
  ended: '',
} as const;

const withLease = {
  start: `\
    output = locate(f"{SINK_PATH}/generation-{arguments.generation}", arguments.folder)
    spark = start_spark(output)`,
  before: '    lease = None\n',
  take: '        lease = take_lease(spark, output, control, progress)\n',
  write: 'write(rows, output, trigger)',
  failed: `\
        if lease is not None:
            lease.check()
`,
  ended: '    lease.release()\n',
} as const;

function emitReadArguments({ hasPaths, hasVariables }: RunParts): string {
  const folder = `\
    parser.add_argument("--folder", help="where relative paths start; else the working folder")
`;
  const variables = `\
    variables = {"type": json.loads, "default": {}}
    parser.add_argument("--variables", **variables, help="more of the environment, as JSON")
`;
  return `\
def read_arguments():
    """All are optional. Unknown ones are ignored, because AWS Glue adds its own."""
    parser = argparse.ArgumentParser(
        description=f"The streaming job {PIPELINE}.", allow_abbrev=False
    )
    parser.add_argument("--control", help="folder to report to and to be stopped through")
    parser.add_argument("--run-id", help="name of this run in the reports")
    parser.add_argument("--generation", type=int, default=1, help="which checkpoint and output")
${hasPaths ? folder : ''}${hasVariables ? variables : ''}\
    parser.add_argument("--available-now", action="store_true", help="drain the source, then end")
    return parser.parse_known_args()[0]`;
}

const locate = `\
def locate(path, folder=None):
    """Where a path leads: a relative one starts at the folder, and s3:// is for S3A to open."""
    if folder and not re.match("/|[A-Za-z0-9]+:", path):
        path = f"{folder.rstrip('/')}/{path}"
    return re.sub("^s3n?://", "s3a://", path)`;

function emitStartSpark({ session, leased }: RunParts): string {
  return `\
def start_spark(${leased ? 'output' : ''}):
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
    while not query.awaitTermination(control.look):
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

const reportFailure = `\
def report_failure(control, progress, error):
    """Says what ended this run: in the log first, for the control folder may be what is gone."""
    reason = describe(error)
    line = " ".join(f"{reason['condition']}: {reason['message']}".split())
    print(f"failed: {line[:1000]}", file=sys.stderr, flush=True)
    control.write("end.json", {"outcome": "failed", "batch": progress.batch, **reason})`;

const describe = `\
def describe(error):
    """Condition (the name that Spark or Java has for the error) and message of an exception."""
    condition = getattr(error, "getCondition", getattr(error, "getErrorClass", lambda: None))()
    java = getattr(error, "java_exception", None)
    name = type(error).__name__ if java is None else java.getClass().getSimpleName()
    # Of an error of Java, Python's text is mostly a stack trace.
    message = str(error) if java is None else java.toString()
    return {"condition": condition or name, "message": message[:4000]}`;
