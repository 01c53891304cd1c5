"""csq beside hand-written DuckDB, polars and pandas scripts on generated tickets.

`python run.py [ROWS]`, a million rows unless told. Every program runs in its own process, the
rounds interleaved, the best of three counts; the ratios of one run are what can be compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 3


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one process."""
    started = time.perf_counter()
    with (folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:2]} ended with {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Generate, measure, print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    csq = str(Path(sys.executable).parent / "csq")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "tickets.csv"
        subprocess.run([sys.executable, HERE / "write_tickets.py", str(rows), file], check=True)
        by = ["--by", "channel", "--by", "problem_type", "--format", "json"]
        commands = {
            "csq": [csq, "score", str(file), "--period", "2025-08", *by],
            "duckdb": [sys.executable, str(HERE / "with_duckdb.py"), str(file)],
            "polars": [sys.executable, str(HERE / "with_polars.py"), str(file)],
            "pandas": [sys.executable, str(HERE / "with_pandas.py"), str(file)],
        }
        best = {label: (float("inf"), 0.0) for label in commands}
        for _ in range(ROUNDS):
            for label, command in commands.items():
                best[label] = min(best[label], measure(command, folder))
        seconds = best["duckdb"][0]
        print(f"{rows:,} rows, {os.cpu_count()} cores")
        for label, (took, peak) in best.items():
            print(f"{label:8}{took:8.2f} s{took / seconds:7.2f} x duckdb{peak:9,.0f} MB")


if __name__ == "__main__":
    main()
