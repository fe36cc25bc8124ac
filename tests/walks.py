"""Which of the project's own files a request or a command goes through, in the order of their first call."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]


def files_of(act: Callable[[], Any]) -> list[str]:
    """Call ``act`` and give the Python files below ``lms`` whose functions ran, also in threads begun meanwhile."""
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            seen.setdefault(frame.f_code.co_filename)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    own = f"{PROJECT / 'lms'}/"
    return [file.removeprefix(f"{PROJECT}/") for file in seen if file.startswith(own) and file.endswith(".py")]
