"""Learners who take further courses: some done, with certificates, some begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lms.courses.models import Course
from lms.demo import cast
from lms.demo.learning import DemoLearner

ALL = 99


def show_other_courses(courses: Mapping[str, Course], now: datetime) -> None:
    """Two learners have done a second course, and so more than the JP of a year; four are at different points, one of
    them waiting for the mark of a paper that is graded without names, one for that of a paper that came late. One has
    attached a file to an essay. Seven have answered the survey on the site.

    ``courses`` by slug. Certificates follow those of the history, since they are numbered in the order of their days.
    """

    def learner(number: int, slug: str, *, days_ago: int) -> DemoLearner:
        return DemoLearner(cast.learner(number), courses[slug], now - timedelta(days=days_ago)).enrol()

    learner(9, "kepemimpinan", days_ago=4).finish(level=0).get_certificate()
    learner(3, "etika-berakhlak", days_ago=3).finish(level=0).get_certificate()
    learner(11, "keuangan-daerah", days_ago=9).go_on(6)
    learner(12, "teknologi-informasi", days_ago=6).go_on(3)
    learner(14, "manajemen-proyek", days_ago=4).go_on(ALL)
    learner(11, "menulis-kursus", days_ago=2).write_essay("uraian-berlampiran")
    learner(13, "etika-berakhlak", days_ago=26).read().take(5).pause(days=22).submit()
    for number, one in zip((2, 8, 11, 12, 14, 17, 18), OPINIONS, strict=True):
        learner(number, "cara-belajar", days_ago=2).read().answer_survey(_answers(one))


OPINIONS = (
    (5, 5, 4, ("Ponsel",), "Sebelum atau sesudah jam kerja", ""),
    (4, 5, 4, ("Ponsel", "Laptop atau komputer kantor"), "Pada jam kerja", "Tambahkan contoh kuis yang boleh diulang."),
    (4, 4, 5, ("Laptop atau komputer kantor",), "Pada jam kerja", ""),
    (3, 4, 4, ("Ponsel",), "Pada akhir pekan", "Tulisan pada gambar agak kecil di ponsel saya."),
    (5, 4, 5, ("Tablet",), "Pada akhir pekan", ""),
    (4, 3, 3, ("Ponsel",), "Sebelum atau sesudah jam kerja", "Jelaskan lebih dulu arti tanda panah."),
    (2, 4, 4, ("Ponsel",), "Pada jam kerja", ""),
)
"""Of those who have read how to learn here: two more than a group has, so that two answers are held."""


def _answers(one: tuple[int, int, int, tuple[str, ...], str, str]) -> dict[str, Any]:
    easy, signal, clear, devices, hour, wish = one
    scales = {"kesan-mudah": easy, "kesan-sinyal": signal, "kesan-jelas": clear}
    found: dict[str, Any] = {id: {"value": value, "of": 5} for id, value in scales.items()}
    found |= {"kesan-perangkat": {"picked": list(devices)}, "kesan-waktu": {"picked": [hour]}}
    return found | ({"kesan-saran": {"text": wish}} if wish else {})
