"""Courses of the demo, published from their folders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lms.courses import services as courses
from lms.courses.models import Course


def publish_folder(folder: Path, now: datetime) -> Course:
    """The folder's name is the slug. A folder that is published already changes nothing."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    revision = courses.import_course(folder.name, files, actor_id=None, now=now).revision
    courses.publish(revision, actor_id=None, now=now)
    return revision.course
