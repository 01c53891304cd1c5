"""How much address space csq is let have (`ulimit -v`), asked before it runs out.

The libraries below do not raise where there is too little: they hang, end the process with an exit
code of their own, or crash.
"""

from __future__ import annotations

import sys

from csq.errors import BudgetError
from csq.problems.run import NARROW_ADDRESS_SPACE

_GIB = 1 << 30
LEAST_TO_RUN = 3 * _GIB // 2
"""What loading the engine and starting its threads takes; the data comes on top."""

LEAST_TO_DRAW_CHARTS = 70 * _GIB
"""What the library for charts sets aside without ever filling it."""


def require_address_space(least: int) -> None:
    """Raise `BudgetError` where this process may have less."""
    if sys.platform == "win32":
        return
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < least:
        raise BudgetError(NARROW_ADDRESS_SPACE.at(value=_show(allowed), least=_show(least)))


def _show(size: int) -> str:
    return f"{size / _GIB:.3g} GiB"
