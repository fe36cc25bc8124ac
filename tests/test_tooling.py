"""What a developer sets up says the same in every place."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def test_the_hooks_before_a_commit_are_the_checks_of_make_check():
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    checks = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == checks


def test_the_types_and_the_licence_go_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "py.typed" in project["tool"]["setuptools"]["package-data"]["lms"]
    assert (ROOT / "lms" / "py.typed").exists()
    assert all((ROOT / name).exists() for name in project["project"]["license-files"])


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0", "3.14.0"])
def test_the_locked_versions_can_be_installed_by_each_python(lock, python):
    """Debian 12 has 3.11.2, which needs more than 3.11.3 does: with hashes pip installs nothing if one is missing."""
    environment = default_environment() | {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    environment |= {"extra": ""}
    lines = re.findall(r"^(\S+==[^\\\n]+)", (ROOT / lock).read_text(), re.MULTILINE)
    locked = [one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate(environment)]
    names = {canonicalize_name(one.name) for one in locked}
    unmet = []
    for one in locked:
        try:
            about = metadata(one.name)
        except PackageNotFoundError:
            continue  # this Python does not need it
        if python not in SpecifierSet(about["Requires-Python"] or ""):
            unmet.append(f"{one} cannot be installed")
        for needed in map(Requirement, about.get_all("Requires-Dist") or ()):
            if needed.marker is None or needed.marker.evaluate(environment):
                unmet += [f"{one.name} needs {needed}"] if canonicalize_name(needed.name) not in names else []
    assert unmet == []
