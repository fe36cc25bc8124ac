"""A question of each kind, as an author writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course_sample import item, quiz

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question, kinds
from lms.content.rendering.course import FileRenderer

SAMPLES = {
    "choice": [
        "- [x] satu\n- [ ] dua\n    > Bukan.\n- [ ] tiga {keep-last}\n",
        "- [x] satu\n- [x] dua\n- [ ] tiga\n",
    ],
    "short_answer": [
        "= satu\n= kira-kira satu {50%}\n",
        "= satu\n    > Tepat.\n= /sa?tu+/ {50%}\n= dua {0%}\n    > Bukan dua.\n",
    ],
    "true_false": ["= benar\n", "= salah\n    > Tepat.\n= benar {0%}\n    > Bukan.\n"],
    "number": ["= 20 ± 0.5\n", "= 7 km\n    > Tepat.\n= 10..15 {50%}\n= -3 km {0%}\n    > Terbalik.\n"],
    "order": ["1. satu\n2. dua\n3. tiga\n"],
    "match": ["| kiri | kanan |\n| --- | --- |\n| a | satu |\n| b | dua |\n| c | satu |\n|  | tiga |\n"],
    "gaps": ["Isi [[satu|1]] dan [[=dua|tiga]].\n"],
    "essay": ["Jelaskan.\n\n### Rubrik\n\n| Isi | Baik (2) | Kurang (1) |\n| - | - | - |\n| Data | Ada | Umum |\n"],
    "tally": ["~ 12\n"],
}
"""The answers of questions of each kind; a new kind adds its own."""


def questions(samples_of: Mapping[str, Sequence[str]] = SAMPLES) -> list[Question]:
    """Rendered, of the kinds that are registered."""
    types = {kind.kind: f" type={kind.types[0]}" for kind in kinds if not kind.is_read_by_shape}
    samples = [(types.get(kind, ""), one) for kind, all_ in samples_of.items() if kinds.get(kind) for one in all_]
    text = "".join(f"## Soal {n}? {{#q{n} points=2{word}}}\n\n{one}\n" for n, (word, one) in enumerate(samples))
    found = item(quiz(text))
    assert isinstance(found, Quiz)
    return list(found.rendered(FileRenderer(lambda _link: None, "id")).questions)
