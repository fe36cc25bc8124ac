"""The typesetter, in a process of its own that ends when the page is made.

It takes some 220 MB while it works and gives nothing back to the process that loaded it: web processes that have
printed once would stay that large. This file is both sides. The child runs it as a script that knows nothing
of the site, so that it starts in a moment.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

SECONDS = 30
"""Far more than a page takes; a typesetter that hangs does not hold a web process for ever."""
REFUSED = 3


class CannotPrint(Exception):
    """What the typesetter says about a text it cannot set."""


def pdf(template: Path, facts: str, *, made_at: datetime) -> bytes:
    """The PDF/A-2a and PDF/UA-1 that ``template`` makes of ``facts`` (JSON), dated ``made_at``.

    :raises CannotPrint: the template or a text was refused; with the reason.
    """
    order = json.dumps({"template": str(template), "facts": facts, "made_at": made_at.timestamp()})
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
