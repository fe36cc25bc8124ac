"""Every setting that any module declares is offered to admins."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import pkgutil
from importlib import import_module
import lms
from lms.core.settings import registered
loaded = set(registered)
for module in pkgutil.walk_packages(lms.__path__, "lms."):
    import_module(module.name)
print(sorted(set(registered) - loaded))
"""


def test_the_application_alone_loads_all_settings():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
