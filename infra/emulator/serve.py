"""An AWS of this machine: ministack with real Glue job runs, and faults on demand.

Usage: python serve.py --port PORT --folder FOLDER --runtime FILE [--host 0.0.0.0] [--end-with-parent]

State goes into FOLDER, so a later start there goes on with buckets, jobs and functions. FILE is the runtime.json of
set-up. It listens on 127.0.0.1; with --host 0.0.0.0 on all addresses, for a container whose port is published with care:
whoever reaches it can run programs. With --end-with-parent the emulator ends when its standard input is closed, and
its drivers with it.
"""

import argparse
import asyncio
import json
import os
import signal
import threading
from pathlib import Path


def main() -> None:
    options = read_options()
    folder = Path(options.folder).resolve()
    set_environment(options.port, folder)
    runtime = json.loads(Path(options.runtime).read_text())
    if options.end_with_parent:
        threading.Thread(target=end_with_parent, daemon=True).start()
    asyncio.run(serve(options.host, options.port, folder, runtime))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    # Loopback is always among them, because drivers and functions call it.
    parser.add_argument("--host", choices=["127.0.0.1", "0.0.0.0"], default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--end-with-parent", action="store_true")
    return parser.parse_args()


def set_environment(port: int, folder: Path) -> None:
    """ministack reads its settings while it is imported."""
    scratch = folder / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    # Functions of Node start with a CommonJS file, whatever the package says that the folder lies in.
    (scratch / "package.json").write_text('{"type": "commonjs"}\n', encoding="utf-8")
    os.environ.update(
        GATEWAY_PORT=str(port),
        # What functions and drivers are told to call.
        MINISTACK_HOST="127.0.0.1",
        PERSIST_STATE="1",
        STATE_DIR=str(folder / "state"),
        S3_PERSIST="1",
        S3_DATA_DIR=str(folder / "s3"),
        TMPDIR=str(scratch),
        LAMBDA_EXECUTOR="local",
        # Listeners on ports of their own, which two emulators at once would fight for.
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
    )


def end_with_parent() -> None:
    # Not sys.stdin, whose lock a thread may not hold while Python ends.
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


async def serve(host: str, port: int, folder: Path, runtime: dict) -> None:
    from hypercorn.asyncio import serve as serve_asgi
    from hypercorn.config import Config

    from gateway import Gateway
    from glue_jobs import install_job_definitions
    from glue_runs import GlueRuns
    from spark_place import SparkPlace

    install_job_definitions()
    runs = GlueRuns(SparkPlace(runtime, f"http://127.0.0.1:{port}", folder / "runs"))
    runs.install()
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    try:
        await serve_asgi(Gateway(runs), config)
    finally:
        runs.end_all()


if __name__ == "__main__":
    main()
