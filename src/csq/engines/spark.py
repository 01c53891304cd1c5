"""Spark: the questions answered by a cluster, or by the Spark of this machine."""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pyarrow as pa
from sqlglot import exp

from csq.engines.base import Engine, Row
from csq.engines.spark_sql import tree_in_spark
from csq.errors import BudgetError, DefinitionError, UsageError
from csq.problems.formulas import NUMBER_RANGE
from csq.problems.run import ENGINE_LOST, NO_SPARK, OUT_OF_MEMORY

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession


_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.variable.substitute": "false",
}
"""What a session is told before its first statement."""


class SparkEngine(Engine):
    """A session on the Spark that the environment names, else on one of this machine.

    `SPARK_REMOTE`, `SPARK_HOME` and `SPARK_CONF_DIR` mean to it what they mean to all programs; a
    context that already runs in this process is shared and left as it is. Numbers that leave
    their range are errors, times have no zone, and no part of a statement is substituted.
    """

    dialect: ClassVar = "spark"

    def __init__(self, temp_folder: Path, memory_limit: str) -> None:
        self._ending = ExitStack()
        try:
            with _unlogged():
                self.session = self._open(temp_folder, memory_limit)
        except ImportError as missing:
            raise UsageError(NO_SPARK.at(reason=_in_short(missing))) from None
        except BaseException:
            self.close()
            raise

    def _open(self, temp_folder: Path, memory_limit: str) -> SparkSession:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        try:
            if "SPARK_REMOTE" in os.environ:
                session = self._connect()
            else:
                running = SparkSession.getActiveSession() or self._start(temp_folder, memory_limit)
                session = running.newSession()
            for name, value in _SETTINGS.items():
                session.conf.set(name, value)
        except (PySparkException, Py4JError, OSError) as failure:
            raise UsageError(NO_SPARK.at(reason=_in_short(failure))) from None
        return session

    def _connect(self) -> SparkSession:
        """A session of its own on the cluster that `SPARK_REMOTE` names."""
        from pyspark.sql import SparkSession
        from pyspark.sql.connect.client.retries import DefaultPolicy

        session: Any = SparkSession.builder.create()
        # Left alone, it waits ten minutes for a server that is not there.
        session.client.set_retry_policies([DefaultPolicy(max_retries=_ATTEMPTS)])
        self._ending.callback(_leave, session)
        return cast("SparkSession", session)

    def _start(self, temp_folder: Path, memory_limit: str) -> SparkSession:
        """Spark of this process alone, which ends with the engine."""
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession

        megabytes = _megabytes(memory_limit)
        if megabytes < _LEAST_MEGABYTES:
            raise BudgetError(OUT_OF_MEMORY.at(value=memory_limit))
        settings = {
            "spark.driver.memory": f"{megabytes}m",
            "spark.driver.extraJavaOptions": f'"-Djava.io.tmpdir={temp_folder}"',
            "spark.local.dir": str(temp_folder),
            "spark.sql.warehouse.dir": str(temp_folder / "warehouse"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }
        if not {"SPARK_HOME", "SPARK_CONF_DIR"} & os.environ.keys():
            settings |= {
                "spark.master": "local[*]",
                "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
            }
        conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
        with (temp_folder / "spark.log").open("wb") as log, _undisturbed():
            # What Java says while it runs is for nobody who asks for a scorecard.
            gateway = launch_gateway(conf, {"stderr": log})
            self._ending.callback(_end_java, gateway)
        context = SparkContext(conf=conf, gateway=gateway)
        self._ending.callback(_stop, context)
        return SparkSession(context)

    def spell(self, statement: exp.Expr, *, pretty: bool = False) -> str:
        return super().spell(tree_in_spark(statement), pretty=pretty)

    def put(self, name: str, table: pa.Table) -> None:
        with self._told():
            self.session.createDataFrame(table).createOrReplaceTempView(name)

    def fetch(self, query: exp.Query) -> list[Row]:
        with self._told():
            answer = self.session.sql(self.spell(query)).toArrow()
        return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A number out of range, and a cluster that gave up, as what they are."""
        from py4j.protocol import Py4JError, Py4JNetworkError
        from pyspark.errors import AnalysisException, ParseException, PySparkException

        try:
            with _unlogged():
                yield
        except (AnalysisException, ParseException):
            raise
        except PySparkException as error:
            if (error.getSqlState() or "").startswith(_DATA_EXCEPTION):
                raise DefinitionError(NUMBER_RANGE.at()) from None
            raise BudgetError(ENGINE_LOST.at(reason=_in_short(error))) from None
        except (Py4JError, Py4JNetworkError, OSError) as error:
            raise BudgetError(ENGINE_LOST.at(reason=_in_short(error))) from None

    def close(self) -> None:
        self._ending.close()


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep Spark's Python from writing to stderr: failed statements, with the texts in them."""
    from pyspark.logger import PySparkLogger

    # Told on the first conversion of a value, whether or not a frame of pandas is made.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    warnings.filterwarnings("ignore", re.escape("[RETRIES_EXCEEDED]"), UserWarning)
    warnings.filterwarnings("ignore", "Unable to cleanly shutdown Spark", RuntimeWarning)
    statements = PySparkLogger.getLogger("SQLQueryContextLogger")
    was_silent, statements.disabled = statements.disabled, True
    logging.root.addFilter(_is_not_of_py4j)
    try:
        yield
    finally:
        statements.disabled = was_silent
        logging.root.removeFilter(_is_not_of_py4j)


def _is_not_of_py4j(record: logging.LogRecord) -> bool:
    """Whether a record of the root logger is an application's own."""
    return "py4j" not in Path(record.pathname).parts


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Have signals wait: a Java whose start is broken off stays, and nobody has hold of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    usual = {
        number: signal.signal(number, lambda number, frame: waiting.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not None
    }
    try:
        yield
    finally:
        for known, handler in usual.items():
            signal.signal(known, handler)
        for number in waiting:
            signal.raise_signal(number)


def _leave(session: Any) -> None:
    """End a session on a cluster, told once: one that is gone has no session to end."""
    session.client.set_retry_policies([])
    _stop(session)


def _stop(running: SparkContext | SparkSession) -> None:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    # What has been lost cannot be stopped; that it was lost is told already.
    with _unlogged(), suppress(PySparkException, Py4JError, OSError):
        running.stop()


def _end_java(gateway: Any) -> None:
    """End the Java of a context that has stopped; it would stay as long as this process."""
    from pyspark import SparkContext

    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None


_LEAST_MEGABYTES = 512
"""Spark does not start with less than 450."""

_ATTEMPTS = 5
"""How often a cluster that does not answer is tried again: for some twenty seconds."""

_DATA_EXCEPTION = "22"
"""How SQLSTATE begins for a value that a statement cannot compute with."""


def _in_short(failure: Exception) -> str:
    """The first line of what Spark says, without the name it has for it.

    >>> _in_short(ValueError("[NOT_THERE] No such thing.\\n\\tat java.lang"))
    'No such thing.'
    """
    java = getattr(failure, "java_exception", None)
    said = str(java.getMessage() if java else failure).strip()
    details = re.search(r'details = "([^"]+)', said)
    line = details[1] if details else said.partition("\n")[0]
    return re.sub(r"^\[[A-Z_.]+\] ", "", line) or type(failure).__name__


def _megabytes(limit: str) -> int:
    """A limit as Java takes it: in whole megabytes.

    >>> _megabytes("1.5GB"), _megabytes("800 MiB")
    (1536, 800)
    """
    number, unit = re.findall(r"[\d.]+|[KMGT]", limit.upper())[:2]
    return int(float(number) * 1024.0 ** ("KMGT".index(unit) - 1))
