"""csq's own resources, and the user's files written whole or not at all."""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from csq.errors import BudgetError, DeliveryError, Place, UsageError, reason_of
from csq.problems.files import UNREADABLE_FILE
from csq.problems.run import (
    ALREADY_THERE,
    CANNOT_SPILL,
    CANNOT_WRITE,
    IDLE_TEMPLATES,
    OUTPUT_IS_INPUT,
    OUTPUTS_CLASH,
)
from csq.wording import Wording

_CHECKOUT = Path(__file__).parents[2]
_LOCKED = ".lock"
_HALF_WRITTEN = ".csq-writing-"
_SYNCS_NO_FOLDERS = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES}
_KNOWS_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_USED_NAMES: dict[int, list[str]] = {}
"""Those of spill folders, by the process that used them."""
_SURELY_DEAD = 3_600
"""Seconds after which no run is still writing its file, where no lock can tell."""


def resource_path(name: str) -> Path:
    """A file or folder that csq ships: inside an installed package, else in the checkout."""
    packaged = Path(str(resources.files("csq"))) / "resources" / name
    return packaged if packaged.exists() else _CHECKOUT / name


def shipped_definition(name: str = "metrics.yaml") -> bytes:
    """One of the definitions that csq ships."""
    return resource_path(name).read_bytes()


def refuse_idle_templates(folder: Path) -> None:
    """Raise `UsageError` where a folder holds none of the files that a review is drawn with."""
    shipped = resource_path("templates")
    files = (path for path in sorted(shipped.rglob("*")) if path.is_file())
    names = (path.relative_to(shipped).as_posix() for path in files)
    of_a_review = (name for name in names if not name.startswith("scorecard."))
    if not any((folder / name).is_file() for name in of_a_review):
        raise UsageError(IDLE_TEMPLATES.at(Place(str(folder))))


def refuse_input_as_output(output: Path, inputs: Iterable[Path]) -> None:
    """Raise `UsageError` where writing `output` would overwrite something that was read."""
    for source in inputs:
        # Where a path cannot even be looked at, writing it will say why.
        there = os.path.exists(output) and os.path.exists(source)
        if there and os.path.samefile(output, source):
            raise UsageError(OUTPUT_IS_INPUT.at(Place(output.name)))


def refuse_clashing_outputs(outputs: Iterable[Path]) -> None:
    """Raise `UsageError` where two outputs would be one file."""
    seen: set[str] = set()
    for output in outputs:
        try:
            place = os.path.realpath(output)
        except OSError:
            # Writing will say why there is no way to it.
            continue
        if place in seen:
            raise UsageError(OUTPUTS_CLASH.at(Place(output.name)))
        seen.add(place)


def write_file(path: Path, content: bytes) -> None:
    """Put a file in place whole, or leave what was there untouched; raises `DeliveryError`."""
    try:
        target = _behind_links(path)
        if target.exists() and not target.is_file() and not target.is_dir():
            # A pipe or a device is written to; replacing it would cut off its reader.
            target.write_bytes(content)
            return
        with _written_beside(target, content, _mode_for(target)) as temporary:
            os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise DeliveryError(CANNOT_WRITE.at(Place(str(path)), reason=reason_of(error))) from None


def _behind_links(path: Path) -> Path:
    """Where a path leads, be it to nothing yet; raises `OSError` where links go in a circle."""
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def refuse_existing(path: Path) -> None:
    """Raise `UsageError` where a file that must be new is there, be it a broken link."""
    if os.path.lexists(path):
        raise UsageError(ALREADY_THERE.at(Place(str(path))))


def write_new_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put a file where none was, whole or not at all; raises `UsageError` and `DeliveryError`."""
    refuse_existing(path)
    try:
        mode = _mode_for(path) if mode is None else mode
        with _written_beside(path, content, mode) as temporary:
            _move_to_new_name(temporary, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise UsageError(ALREADY_THERE.at(Place(str(path)))) from None
    except OSError as error:
        raise DeliveryError(CANNOT_WRITE.at(Place(str(path)), reason=reason_of(error))) from None


def _move_to_new_name(temporary: Path, path: Path) -> None:
    """Give a file a name that nothing has; raises `FileExistsError` where somebody was faster."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _KNOWS_NO_LINKS:
            raise
        # On such a disk, a memory stick say, the name is taken first and then filled at once.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(temporary, path)


@contextlib.contextmanager
def _written_beside(target: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A file beside `target` that holds its content, safe on the disk, to be given its name.

    It is gone afterwards however the run ends; what a killed run leaves the next one removes.
    """
    _remove_half_written(target.parent)
    with _new_locked_file(target.parent) as (file, temporary):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.chmod(temporary, mode)
        if os.name != "posix":
            # Windows gives no other name to a file that is open.
            file.close()
        yield temporary


@contextlib.contextmanager
def _new_locked_file(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in a folder, open and locked; gone afterwards unless it got another name."""
    while True:
        temporary = folder / f"{_HALF_WRITTEN}{secrets.token_hex(8)}"
        try:
            with open(temporary, "xb", opener=_open_private) as file:
                # Without the lock another run may have taken it for abandoned, and removed it.
                if _lock(file.fileno(), wait=True) and not os.fstat(file.fileno()).st_nlink:
                    continue
                yield file, temporary
                return
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file until it is closed, or its run has ended in any way.

    False where another run holds it, or the system or the disk has no locks.
    """
    if sys.platform == "win32":
        return False
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        return True
    return False


def write_into(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder, which is made where there is none; raises `DeliveryError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeliveryError(CANNOT_WRITE.at(Place(str(folder)), reason=reason_of(error))) from None
    for name, content in files.items():
        write_file(folder / name, content)


def local_salt(path: Path) -> bytes:
    """The secret that makes this place's codes its own; made and kept where there is none yet."""
    if not os.path.exists(path):
        # Of several runs at once one is first, and all go by what that one has made.
        with contextlib.suppress(UsageError):
            write_new_file(path, secrets.token_hex(32).encode(), mode=0o600)
    if os.path.exists(path) and not path.is_file():
        # A pipe would be waited for, and a device never ends.
        reason = Wording("不是普通文件", "it is no regular file")
        raise UsageError(UNREADABLE_FILE.at(Place(str(path)), reason=reason))
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(UNREADABLE_FILE.at(Place(str(path)), reason=reason_of(error))) from None


def _remove_half_written(folder: Path) -> None:
    """Remove what runs that were killed while writing have left in a folder."""
    for path in folder.glob(f"{_HALF_WRITTEN}*"):
        with contextlib.suppress(OSError):
            if stat.S_ISREG(path.lstat().st_mode):
                _remove_abandoned_file(path)


def _remove_abandoned_file(path: Path) -> None:
    """Remove a file that nobody writes: its lock is free, or where there are none it is old."""
    with open(path, "rb") as file:
        is_old = time.time() - os.fstat(file.fileno()).st_mtime > _SURELY_DEAD
        if _lock(file.fileno(), wait=False) or is_old:
            path.unlink()


def _mode_for(path: Path) -> int:
    """The mode of the file that is replaced, else what the umask leaves of 666."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last a power cut, where the disk can do that at all.

    By now the file is in place: a folder that may be written and not read, or a network drive
    that syncs no folders, is no reason to say it was not delivered.
    """
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _SYNCS_NO_FOLDERS:
            raise


@contextlib.contextmanager
def spill_folder() -> Iterator[Path]:
    """A folder for data too large for memory, gone afterwards however the run ends.

    What a killed run left behind is removed by the next one: its lock is no longer held. Raises
    `BudgetError` where no folder can be made.
    """
    try:
        root = _spill_root()
        _remove_abandoned(root)
    except OSError as error:
        raise BudgetError(CANNOT_SPILL.at(reason=reason_of(error))) from None
    folder = root / _unused_name()
    lock = FileLock(folder.with_suffix(_LOCKED))
    clear = partial(_clear, folder, lock)
    # A signal between here and the caller's `with` ends the run without coming past `finally`.
    atexit.register(clear)
    try:
        _make_locked(folder, lock)
        yield folder
    finally:
        clear()
        atexit.unregister(clear)
        if not (lock.is_locked or os.path.lexists(folder) or os.path.lexists(lock.lock_file)):
            _unused_names().append(folder.name)


def _unused_name() -> str:
    """The name of a spill folder that nobody else uses, if possible one this process has used.

    An engine at rest spills where it spilt before.
    """
    try:
        return _unused_names().pop()
    except IndexError:
        return secrets.token_hex(8)


def _unused_names() -> list[str]:
    """The names this process has used and uses no more; a forked one has used none."""
    return _USED_NAMES.setdefault(os.getpid(), [])


@contextlib.contextmanager
def spilled_temporaries() -> Iterator[None]:
    """Meanwhile the temporary files of any library are spilt, and so gone however the run ends.

    Raises `DeliveryError` where they cannot be written.
    """
    usual = tempfile.tempdir
    with spill_folder() as folder:
        tempfile.tempdir = str(folder)
        try:
            yield
        except OSError as error:
            raise DeliveryError(CANNOT_SPILL.at(reason=reason_of(error))) from None
        finally:
            tempfile.tempdir = usual


def _make_locked(folder: Path, lock: FileLock) -> None:
    """Make a folder whose lock is held; raises `BudgetError` where the disk does not do that.

    The lock comes first, so that a folder without one that is held is surely abandoned.
    """
    try:
        lock.acquire()
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise BudgetError(CANNOT_SPILL.at(reason=reason_of(error))) from None


def _spill_root() -> Path:
    """The folder in which all runs of this user spill, or a new one where its name is taken.

    The name can be guessed. Whatever else stands there, a link above all, is not touched.
    """
    base = Path(tempfile.gettempdir())
    user = os.getuid() if os.name == "posix" else 0
    root = base / f"csq-spill-{user}"
    with contextlib.suppress(FileExistsError):
        root.mkdir(mode=0o700)
    status = root.lstat()
    is_private = os.name != "posix" or (status.st_uid == user and not status.st_mode & 0o077)
    if stat.S_ISDIR(status.st_mode) and is_private:
        return root
    return Path(tempfile.mkdtemp(prefix="csq-spill-", dir=base))


def _remove_abandoned(root: Path) -> None:
    """Remove the folders whose lock nobody holds any more."""
    for path in root.glob(f"*{_LOCKED}"):
        lock = FileLock(path)
        with contextlib.suppress(Timeout, OSError):
            lock.acquire(timeout=0)
            _clear(path.with_suffix(""), lock)


def _clear(folder: Path, lock: FileLock) -> None:
    """Remove a folder, then its lock: while it is held, where the system allows that.

    What a failing disk does not let go keeps its lock file, by which the next run finds it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    steps: list[Callable[[], None]] = [lock.release]
    if not os.path.lexists(folder):
        steps.insert(0 if os.name == "posix" else 1, Path(lock.lock_file).unlink)
    for step in steps:
        with contextlib.suppress(OSError):
            step()
