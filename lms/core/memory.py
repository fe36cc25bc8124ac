"""How the server's processes share memory, and treat what they no longer need."""

from __future__ import annotations

import ctypes
import gc

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""Names of glibc's ``mallopt``."""
LARGE = 1024 * 1024
ARENAS = 1


def give_back_early() -> None:
    """Large blocks go back to the system when freed, and threads share one heap; what is forked later inherits it.

    By itself glibc keeps a block as large as one password hash needs (19 MiB) for the next one, in each process, and
    gives every few threads a heap of their own. Elsewhere than on glibc this does nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, ARENAS)


def freeze() -> None:
    """Call before forking: what is loaded is kept for good, and child processes share it.

    Otherwise the garbage collector of each child would write to these objects, which copies their pages.
    """
    gc.collect()
    gc.freeze()
