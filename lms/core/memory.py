"""Memory of the server's processes: what they share, and what they return to the system."""

from __future__ import annotations

import ctypes
import gc
import threading
import time
from collections.abc import Callable

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""Parameters of glibc's ``mallopt``."""
LARGE = 1024 * 1024
ARENAS = 1
TRIM_SECONDS = 10


def give_back_early() -> None:
    """Return large blocks to the system when freed, and let all threads use one heap. Child processes inherit this.

    By default glibc keeps a block of the size that a password hash needs (19 MiB) in each process, and uses several
    heaps for the threads. Has no effect without glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, ARENAS)


def give_back_regularly() -> None:
    """Return free pages of the heap to the system every ``TRIM_SECONDS``, in a thread; by default only those at its end
    are, and not all of them. It takes some tenths of a millisecond. Has no effect without glibc.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        threading.Thread(target=_repeat, args=(trim,), daemon=True).start()


def _repeat(trim: Callable[[int], int]) -> None:
    while True:
        time.sleep(TRIM_SECONDS)
        trim(0)


def freeze() -> None:
    """Call before forking: what is loaded is kept for good, and child processes share it.

    Otherwise the garbage collector of each child would write to these objects, which copies their pages.
    """
    gc.collect()
    gc.freeze()
