"""What the processes of ``lms serve`` have not loaded: each of these takes memory that few of them ever use."""

from __future__ import annotations

import subprocess
import sys

SELDOM_USED = {
    "PIL",
    "bleach",
    "cbor2",
    "cryptography",
    "email.headerregistry",
    "imagesize",
    "latex2mathml",
    "lms.demo.services",
    "lms.synth.services",
    "mako",
    "markdown",
    "mdformat",
    "psycopg",
    "pygments",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "typst",
    "webauthn",
    "xlsxwriter",
}
SERVE = """
import sys
from config import Config
import lms.cli
lms.cli.create_app(Config.from_env())
print(*sys.modules, sep="\\n")
"""


def test_a_server_has_not_loaded_what_it_seldom_uses():
    done = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines())
    assert {"lms.cli", "granian", "sqlalchemy"} <= loaded
    assert loaded & SELDOM_USED == set()
