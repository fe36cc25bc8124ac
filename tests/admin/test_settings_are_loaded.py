"""Every setting that any module declares is offered to admins."""

from __future__ import annotations

import os
import subprocess
import sys

CODE = """
import pkgutil
from importlib import import_module
import lms.app
from config import Config
from lms.core.settings import registered
lms.app.create_app(Config.from_env())
loaded = set(registered)
for module in pkgutil.walk_packages(lms.__path__, "lms."):
    import_module(module.name)
print(sorted(set(registered) - loaded))
"""


def test_the_application_alone_loads_all_settings(tmp_path):
    environment = os.environ | {"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": "x" * 40}
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"
