"""The typesetter, in a process of its own that ends when the page is made.

It takes about 220 MB and never gives them back to the process that loaded it, so a web process that printed once would
stay that large. This file is both sides: the child runs it as a script that imports nothing of the site, to start fast.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SECONDS = 30
"""Far more than a page takes, so that a hanging typesetter does not block a web process for ever."""
REFUSED = 3
PICTURE_MEMORY = 2 * 1024 * 1024 * 1024
"""Address space for a picture that somebody has uploaded: a small file may unpack to gigabytes."""


class CannotPrint(Exception):
    """The typesetter refused a text; the message says why."""


def pdf(template: Path, facts: str, *, made_at: datetime) -> bytes:
    """Typeset ``template`` with ``facts`` (JSON) as PDF/A-2a and PDF/UA-1, dated ``made_at``.

    :raises CannotPrint: The typesetter refused the template or a text.
    """
    order = {"template": str(template), "facts": facts, "made_at": made_at.timestamp(), "format": "pdf"}
    return _typeset(order)


def png(template: Path, facts: str, *, ppi: int) -> bytes:
    """The one page of ``template`` as a PNG with a transparent ground.

    :raises CannotPrint: The typesetter refused the template, a text or a picture, or took too long for it.
    """
    try:
        return _typeset({"template": str(template), "facts": facts, "ppi": ppi, "format": "png"})
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        raise CannotPrint(str(error)) from error


def _typeset(values: dict[str, Any]) -> bytes:
    order = json.dumps(values)
    command = [sys.executable, "-I", __file__]
    done = subprocess.run(command, input=order.encode(), capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    if done.returncode == REFUSED:
        raise CannotPrint(done.stderr.decode())
    if done.returncode:
        raise RuntimeError(f"the typesetter ended with code {done.returncode}")
    return done.stdout


def _main() -> int:
    import typst

    order = json.load(sys.stdin)
    template = Path(order["template"])
    compiler = typst.Compiler(template, root=template.parent, ignore_system_fonts=True)
    try:
        if order["format"] == "png":
            resource.setrlimit(resource.RLIMIT_AS, (PICTURE_MEMORY, PICTURE_MEMORY))
            made = compiler.compile(format="png", sys_inputs={"facts": order["facts"]}, ppi=order["ppi"])
        else:
            made = compiler.compile(
                format="pdf",
                sys_inputs={"facts": order["facts"]},
                pdf_standards=["a-2a", "ua-1"],
                timestamp=datetime.fromtimestamp(order["made_at"], UTC),
            )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return REFUSED
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
