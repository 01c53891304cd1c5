"""csq's own resources, and the user's files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from filelock import FileLock, Timeout

from csq.errors import DeliveryError, Place, UsageError
from csq.problems import CANNOT_WRITE, OUTPUT_IS_INPUT, OUTPUTS_CLASH
from csq.wording import verbatim

_CHECKOUT = Path(__file__).parents[2]
_LOCK = "in-use.lock"


def resource_path(name: str) -> Path:
    """A file or folder that csq ships: inside an installed package, else in the checkout."""
    packaged = Path(str(resources.files("csq"))) / "resources" / name
    return packaged if packaged.exists() else _CHECKOUT / name


def shipped_definition() -> bytes:
    return resource_path("metrics.yaml").read_bytes()


def refuse_input_as_output(output: Path, inputs: Iterable[Path]) -> None:
    """Raise `UsageError` where writing `output` would overwrite something that was read."""
    for source in inputs:
        if output.exists() and source.exists() and output.samefile(source):
            raise UsageError(OUTPUT_IS_INPUT.at(Place(output.name)))


def refuse_clashing_outputs(outputs: Iterable[Path]) -> None:
    """Raise `UsageError` where two outputs would be one file."""
    seen: set[Path] = set()
    for output in outputs:
        place = output.resolve()
        if place in seen:
            raise UsageError(OUTPUTS_CLASH.at(Place(output.name)))
        seen.add(place)


def write_file(path: Path, content: bytes) -> None:
    """Put a file in place whole, or leave what was there untouched; raises `DeliveryError`."""
    temporary: str | None = None
    try:
        target = path.resolve() if path.is_symlink() else path
        if target.exists() and not target.is_file() and not target.is_dir():
            # A pipe or a device is written to; replacing it would cut off its reader.
            target.write_bytes(content)
            return
        handle, temporary = tempfile.mkstemp(prefix=".csq-", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode_for(target))
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        reason = verbatim(error.strerror or type(error).__name__)
        raise DeliveryError(CANNOT_WRITE.at(Place(str(path)), reason=reason)) from None


def _mode_for(path: Path) -> int:
    """The mode of the file that is replaced, else what the umask leaves of 666."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def spill_folder() -> Iterator[Path]:
    """A folder for data too large for memory, gone afterwards however the run ends.

    What a killed run left behind is removed by the next one: its lock is no longer held.
    """
    root = Path(tempfile.gettempdir()) / f"csq-spill-{os.getuid() if os.name == 'posix' else 0}"
    root.mkdir(mode=0o700, exist_ok=True)
    _remove_abandoned(root)
    folder = Path(tempfile.mkdtemp(dir=root))
    lock = FileLock(folder / _LOCK)
    lock.acquire()
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(root: Path) -> None:
    for folder in root.iterdir():
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)
