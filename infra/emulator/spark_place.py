"""Starts the driver of a Glue job run on this machine, the way Glue starts it on its own."""

import os
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit

from spark_driver import Driver

# Arguments that Glue acts upon itself; the script never sees them.
CONSUMED = {"--conf", "--extra-jars", "--extra-py-files", "--extra-files", "--user-jars-first", "--job-language"}

# Quick to start and small: one collector thread and the quick compiler alone, for runs of seconds.
JAVA_OPTIONS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=256m"]


class LaunchError(Exception):
    """A run that could not be started; the text is what Glue would say."""


@dataclass(frozen=True)
class SparkPlace:
    """Where drivers run: Spark as runtime.json describes it, the emulator's address, a folder for runs."""

    runtime: dict
    endpoint: str
    folder: Path

    def launch(self, run_id: str, job: dict, arguments: dict[str, str], region: str) -> Driver:
        """Fetches the script and starts its driver. Throws LaunchError."""
        folder = self.folder / run_id
        folder.mkdir(parents=True, exist_ok=True)
        script = folder / "script.py"
        script.write_bytes(self._fetch(job["Command"].get("ScriptLocation", "")))
        return Driver(self._submit(script, job, arguments, region), folder, self._environment(region))

    def _fetch(self, location: str) -> bytes:
        address = urlsplit(location)
        key = address.path.lstrip("/")
        url = f"{self.endpoint}/{address.netloc}/{quote(key)}"
        request = urllib.request.Request(url, headers={"x-emulator-internal": "script"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except (HTTPError, ValueError) as error:
            problem = f"Error downloading from S3 for bucket: {address.netloc}, key: {key}. {error}"
            raise LaunchError(problem) from error

    def _submit(self, script: Path, job: dict, arguments: dict[str, str], region: str) -> list[str]:
        spark = self.runtime["spark"]
        settings = {
            "spark.driver.extraClassPath": os.pathsep.join(spark["jars"]),
            "spark.driver.extraJavaOptions": " ".join(self._java_options()),
            "spark.ui.enabled": "false",
            "spark.log.level": "WARN",
            "spark.sql.shuffle.partitions": "2",
            "spark.hadoop.fs.s3a.endpoint": self.endpoint,
            "spark.hadoop.fs.s3a.endpoint.region": region,
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
            # On Glue 5.1 and 6.0 both schemes are S3A.
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        }
        confs = [f"{key}={value}" for key, value in settings.items()] + split_confs(arguments.get("--conf", ""))
        own = ["--master", "local[2]", "--name", job["Name"], "--driver-memory", "1g"]
        jars = ["--jars", ",".join(spark["s3aJars"])] if spark["s3aJars"] else []
        flags = [part for conf in confs for part in ("--conf", conf)]
        return [spark["submit"], *own, *jars, *flags, str(script), *script_arguments(arguments)]

    def _java_options(self) -> list[str]:
        """The class-data archive fits exactly one Java."""
        archive = self.runtime["classData"]
        if archive is None or archive["javaVersion"] != self.runtime["java"]["version"]:
            return JAVA_OPTIONS
        return [*JAVA_OPTIONS, f'-XX:SharedArchiveFile="{archive["archive"]}"', "-Xshare:auto"]

    def _environment(self, region: str) -> dict[str, str]:
        python = Path(self.runtime["python"])
        java = self.runtime["java"]
        return {
            "PATH": os.pathsep.join([str(python.parent), os.environ.get("PATH", "/usr/bin:/bin")]),
            "HOME": os.environ.get("HOME", "/"),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "TZ": "UTC",
            "JAVA_HOME": java.get("home") or str(Path(java["command"]).parent.parent),
            "SPARK_HOME": self.runtime["spark"]["home"],
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": str(python),
            # Lets the driver's Python take the compiled pyspark, as drivers of the control plane do.
            "PYSPARK_WITHOUT_ZIP": "yes",
            "SPARK_LAUNCHER_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            # Python keeps lines back when they go into a pipe; logs are wanted as they come.
            "PYTHONUNBUFFERED": "1",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": region,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }


def split_confs(chain: str) -> list[str]:
    """Glue takes one --conf; further ones are chained in its value: `a=1 --conf b=2`."""
    return [conf.strip() for conf in re.split(r"\s--conf\s", chain) if conf.strip()]


def script_arguments(arguments: dict[str, str]) -> list[str]:
    passed = {name: value for name, value in arguments.items() if name not in CONSUMED}
    return [part for name, value in passed.items() for part in (name, str(value))]
