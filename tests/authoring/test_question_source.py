"""Questions as values of a form, put back into the same bytes."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.questions import moving
from lms.authoring.questions.editing import edit_question
from lms.authoring.questions.reading import QuestionFile, read_questions
from lms.authoring.questions.rereading import UnwritableQuestion
from lms.authoring.questions.values import AnswerValues, OptionValues, QuestionValues, canonical, converted
from lms.authoring.splice import NoText

CONTENT = [
    path
    for slug in ("menulis-kursus", "pelayanan-publik")  # a tour of the format, and a course as people write them
    for path in sorted((Path(__file__).parents[2] / "content" / slug).rglob("*.md"))
]
FRONT = "---\ntype: quiz\ntitle: Kuis # catatan\n---\n"
QUIZ = (
    FRONT
    + """Pengantar.

<!-- tentang asas -->
## Mana yang termasuk asas? {points=2 #asas   group="soal mudah"}

Baca dulu.

* [x] Kepastian hukum
* [ ]   Keuntungan unit
    >  Bukan kegiatan
    > mencari laba.
* [X] Keterbukaan {keep-last}

> Kedua asas itu
> melindungi warga.

### Petunjuk

1. Lihat [undang-undang][uu].
2. Pikirkan warga.

[uu]: https://example.org

## Berapa kali? {#skm}

= satu
=  1   {50%}
"""
)
NASTY = [
    "- teks",
    "satu\n\ndua",
    "{",
    "{keep}",
    "# judul",
    "::: kotak",
    "```\nkode\n```",
    "`a` dan ``",
    "a | b",
    "tab\tdi tengah",
    "nbsp\u00a0di tengah",
    "> kutip",
    "1. satu",
    "[ ] kotak",
    "= sama",
    "garis\nkedua",
    "$a_b$",
    "\\",
    "<!-- komentar -->",
    "<b>tebal</b>",
    "---",
    "A #",
    "a {b=1}",
    "/pola/",
    "50%",
    "e\u0301",
    "[^1]",
    "&amp;",
    "  menjorok",
    "* bintang\n* lain",
]


def read(raw: bytes) -> QuestionFile:
    found = read_questions(raw)
    assert found is not None
    return found


def values(raw: bytes, number: int = 0) -> QuestionValues:
    found = read(raw).questions[number].values
    assert found is not None
    return found


def changed_lines(old: bytes, new: bytes) -> tuple[list[bytes], list[bytes]]:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    out, into = [], []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            out += before[a:b]
            into += after[c:d]
    return out, into


def with_option(of: QuestionValues, at: int, **other) -> QuestionValues:
    options = list(of.options)
    options[at] = replace(options[at], **other)
    return replace(of, options=tuple(options))


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.name)
def test_every_question_that_comes_along_has_a_form_and_keeps_its_bytes(path):
    plain = path.read_bytes()
    for raw in (plain, b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"), plain.rstrip(b"\n")):
        file = read_questions(raw)
        for number, question in enumerate(file.questions if file else ()):
            assert question.values is not None
            assert not question.rest
            assert edit_question(file, number, question.values) == raw


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.name)
def test_one_field_of_a_question_that_comes_along_changes_its_lines_alone(path):
    raw = path.read_bytes()
    file = read_questions(raw)
    for number, question in enumerate(file.questions if file else ()):
        old = question.values
        for name in ("options", "answers"):
            if rows := getattr(old, name):
                first = replace(rows[0], text=rows[0].text + " ~baru")
                done = edit_question(file, number, replace(old, **{name: (first, *rows[1:])}))
                out, into = changed_lines(raw, done)
                assert len(out) == len(into) == 1
                assert into[0].replace(b" ~baru", b"") == out[0]
        for name in ("stem",) if old.kind == "description" else ("explanation", "stem"):
            new = replace(old, **{name: (getattr(old, name) + " lagi").strip()})
            out, into = changed_lines(raw, edit_question(file, number, new))
            assert len(out) <= 1
            assert sum(b"lagi" in line for line in into) == 1


def test_the_values_of_the_form():
    asas, skm = values(QUIZ.encode()), values(QUIZ.encode(), 1)
    assert asas.stem == "Mana yang termasuk asas?\n\nBaca dulu."
    assert [one.text for one in asas.options] == ["Kepastian hukum", "Keuntungan unit", "Keterbukaan"]
    assert [one.is_correct for one in asas.options] == [True, False, True]
    assert asas.options[1].feedback == " Bukan kegiatan\nmencari laba."
    assert asas.options[2].keeps_last
    assert asas.hints == ("Lihat [undang-undang][uu].", "Pikirkan warga.")
    assert (asas.kind, asas.points, asas.group) == ("multiple", "2", "soal mudah")
    assert skm.answers == (AnswerValues("satu"), AnswerValues("1", "50"))
    assert read(QUIZ.encode()).questions[0].rest == (7, 26)


@pytest.mark.parametrize(
    ("change", "out", "into"),
    [
        ({"points": "3"}, ["points=2"], ["points=3"]),
        ({"points": ""}, ["{points=2 #asas"], ["{#asas"]),
        ({"group": ""}, ['#asas   group="soal mudah"}'], ["#asas}"]),
        ({"group": "sulit"}, ['"soal mudah"'], ['"sulit"']),
        ({"scoring": "each-answer"}, ['mudah"}'], ['mudah" scoring=each-answer}']),
        ({"stem": "Mana yang asas?\n\nBaca dulu."}, ["Mana yang termasuk asas?"], ["Mana yang asas?"]),
        ({"explanation": "Kedua asas itu\nmelindungi kita."}, ["> melindungi warga."], ["> melindungi kita."]),
        ({"hints": ("Lihat [undang-undang][uu].", "Pikir.")}, ["2. Pikirkan warga."], ["2. Pikir."]),
    ],
)
def test_a_field_changes_its_bytes_alone(change, out, into):
    raw = QUIZ.encode()
    done = edit_question(read(raw), 0, replace(values(raw), **change))
    assert done.decode() == QUIZ.replace(out[0], into[0])


def test_an_option_changes_its_bytes_alone():
    raw = QUIZ.encode()
    file, old = read(raw), values(raw)
    for other, out, into in (
        ({"text": "Laba unit"}, "* [ ]   Keuntungan unit", "* [ ]   Laba unit"),
        ({"is_correct": True}, "* [ ]   Keuntungan", "* [x]   Keuntungan"),
        ({"keeps_last": True}, "Keuntungan unit", "Keuntungan unit {keep-last}"),
        ({"feedback": " Bukan kegiatan\nmencari untung."}, "> mencari laba.", "> mencari untung."),
        ({"feedback": ""}, "    >  Bukan kegiatan\n    > mencari laba.\n", ""),
    ):
        assert edit_question(file, 0, with_option(old, 1, **other)).decode() == QUIZ.replace(out, into)
    done = edit_question(file, 0, with_option(old, 0, feedback="Tepat."))
    assert done.decode() == QUIZ.replace("Kepastian hukum\n", "Kepastian hukum\n    > Tepat.\n")


def test_options_are_added_taken_out_and_put_in_another_order():
    raw = QUIZ.encode()
    file, old = read(raw), values(raw)
    one, two, three = old.options
    assert edit_question(file, 0, replace(old, options=(one, three))).decode() == QUIZ.replace(
        "* [ ]   Keuntungan unit\n    >  Bukan kegiatan\n    > mencari laba.\n", ""
    )
    new = OptionValues("Baru")
    assert "{keep-last}\n* [ ] Baru\n\n>" in edit_question(file, 0, replace(old, options=(*old.options, new))).decode()
    done = edit_question(file, 0, replace(old, options=(two, one, three))).decode()
    assert sorted(done.split("\n")) == sorted(QUIZ.split("\n"))
    assert done.index("Keuntungan") < done.index("Kepastian")


def test_a_question_with_one_right_answer_and_several_to_choose():
    raw = (FRONT + "## A {#a}\n\n- [x] satu\n- [ ] dua\n").encode()
    several = replace(values(raw), kind="multiple")
    done = edit_question(read(raw), 0, several)
    assert b"## A {#a type=multiple}\n" in done
    assert edit_question(read(done), 0, values(raw)) == raw


def test_parts_that_were_not_there_are_written_and_taken_out_again():
    raw = (FRONT + "## A\n- [x] satu\n- [ ] dua\n## B\n\n= 1").encode()
    old = values(raw)
    new = replace(old, stem="A\n\nlebih", explanation="Karena\n\nitu", hints=("pikir", "lihat\n\nlagi"), points="0,5")
    done = edit_question(read(raw), 0, new)
    assert canonical(values(done)) == canonical(new)
    back = edit_question(read(done), 0, old)
    assert [line for line in back.split(b"\n") if line] == [line for line in raw.split(b"\n") if line]
    assert done.endswith(b"= 1")


def test_what_the_form_does_not_show_is_named_and_stays():
    raw = (
        FRONT + "## A {#a lint-off=x}\n\n<!-- lihat -->\n\n- [x] satu\n- [ ] dua\n\n<!-- di sini -->\n\nTeks.\n"
    ).encode()
    question = read(raw).questions[0]
    assert question.rest == (12, 14)
    assert question.rest_attributes == ("lint-off",)
    done = edit_question(read(raw), 0, replace(question.values, points="2"))
    assert done.decode() == raw.decode().replace("lint-off=x", "lint-off=x points=2")


@pytest.mark.parametrize(
    "text", ["## A\n\nTanpa jawaban.\n", "## A\n\n- [x] satu\n- dua\n", "## A {type=undian}\n\nteks\n"]
)
def test_a_question_without_a_form_is_left_alone(text):
    raw = (FRONT + text + "\n## B\n\n= 1\n").encode()
    file = read(raw)
    assert file.questions[0].values is None
    done = edit_question(file, 1, replace(values(raw, 1), points="3"))
    assert done.decode() == raw.decode().replace("## B", "## B {points=3}")


def test_text_that_would_be_read_as_something_else_is_refused_with_its_field():
    raw = QUIZ.encode()
    for name, text in (("explanation", "```"), ("stem", "a\n\n## b")):
        new = replace(values(raw), **{name: text}, points="7")
        try:
            assert canonical(values(edit_question(read(raw), 0, new))) == canonical(new)
        except UnwritableQuestion as refused:
            assert refused.fields == (name,)
    with pytest.raises(UnwritableQuestion) as refused:
        edit_question(read(raw), 0, replace(values(raw), stem="a\n\n## b", points="7"))
    assert refused.value.fields == ("stem",)


# Nasty texts, in every field

TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("\n".join),
)
OPTIONS = st.builds(
    OptionValues, text=TEXTS, is_correct=st.booleans(), feedback=st.just("") | TEXTS, keeps_last=st.booleans()
)
SHARED = {
    "stem": TEXTS,
    "explanation": st.just("") | TEXTS,
    "hints": st.lists(TEXTS, max_size=2).map(tuple),
    "points": st.sampled_from(["", "2", "0,5"]),
    "group": st.sampled_from(["", "mudah", "soal sulit"]),
}
CHOICES = st.builds(
    QuestionValues, kind=st.just("multiple"), options=st.lists(OPTIONS, min_size=2, max_size=4).map(tuple), **SHARED
)
SHORT = st.builds(
    QuestionValues,
    kind=st.just("short"),
    answers=st.lists(
        st.builds(AnswerValues, text=TEXTS, share=st.sampled_from(["", "50", "33.3"]), feedback=st.just("") | TEXTS),
        min_size=1,
        max_size=3,
    ).map(tuple),
    **SHARED,
)
NUMBERS = st.builds(
    QuestionValues,
    kind=st.just("number"),
    answers=st.lists(
        st.builds(
            AnswerValues,
            text=st.sampled_from(["20", "-3", "20 ± 0.5", "10..15", "7 km", "2.5 %", "Rp 5000"]) | TEXTS,
            share=st.sampled_from(["", "50"]),
            feedback=st.just("") | TEXTS,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    **SHARED,
)
SIDES = st.builds(
    QuestionValues,
    kind=st.just("truefalse"),
    answers=st.builds(
        lambda right, one, two: (AnswerValues(right, "", one), AnswerValues(OTHER[right], "0", two)),
        st.sampled_from(["benar", "salah"]),
        st.just("") | TEXTS,
        st.just("") | TEXTS,
    ),
    **SHARED,
)
OTHER = {"benar": "salah", "salah": "benar"}
QUESTIONS = CHOICES | SHORT | NUMBERS | SIDES
STYLES = st.sampled_from([lambda raw: raw, lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw.rstrip(b"\n")])


@settings(deadline=None, max_examples=60)
@given(QUESTIONS, QUESTIONS, STYLES)
def test_what_was_written_says_what_the_form_says_and_stays_when_nothing_changes(first, second, style):
    raw = style(QUIZ.encode())
    try:
        done = moving.add_question(read(raw), first)
    except UnwritableQuestion:
        return
    assert canonical(values(done, 2)) == canonical(first)
    assert done.startswith(raw.rstrip())
    assert edit_question(read(done), 2, values(done, 2)) == done
    try:
        again = edit_question(read(done), 2, second)
    except UnwritableQuestion:
        return
    assert canonical(values(again, 2)) == canonical(second)
    assert again.startswith(raw.rstrip())


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2), st.sampled_from(["text", "feedback"]), TEXTS, STYLES)
def test_an_edit_of_an_option_touches_no_line_of_another(at, name, text, style):
    raw = style(QUIZ.encode())
    file, old = read(raw), values(raw)
    new = with_option(old, at, **{name: text})
    if name == "text" and not text.strip():
        return
    try:
        done = edit_question(file, 0, new)
    except UnwritableQuestion:
        return
    assert canonical(values(done)) == canonical(new)
    item = file.questions[0].spans.items[at]
    lines = raw.split(b"\n")
    head, tail = lines[: item.first - 1], lines[item.last :]
    if not any(text.startswith("*") for text in (text,)):
        assert done.split(b"\n")[: len(head)] == head
        assert done.split(b"\n")[-len(tail) :] == tail


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("name", ["stem", "explanation", "option", "feedback", "hint", "answer"])
def test_each_nasty_text_alone(text, name):
    raw = QUIZ.encode()
    old, short = values(raw), values(raw, 1)
    new = {
        "option": with_option(old, 1, text=text),
        "feedback": with_option(old, 1, feedback=text),
        "hint": replace(old, hints=(text,)),
        "answer": replace(short, answers=(AnswerValues(text, at=0), *short.answers[1:])),
    }.get(name) or replace(old, **{name: text})
    number = 1 if name == "answer" else 0
    if (name, text) == ("option", "* bintang\n* lain"):
        new = replace(new, options=(new.options[0], replace(new.options[1], feedback=""), new.options[2]))
    done = edit_question(read(raw), number, new)
    assert canonical(values(done, number)) == canonical(new)


TYPED = (
    FRONT
    + """## Berapa jauh? {#jauh type=number points=2}

= 7 km
    > Tepat.
= 10..15   {50%}

> Diukur di peta.

## Maklumat cukup disimpan. {type=truefalse #maklumat}

= salah
    > Tepat.
= benar {0%}
    >  Warga harus
    > dapat menagihnya.
"""
)


def with_answer(of: QuestionValues, at: int, **other) -> QuestionValues:
    answers = list(of.answers)
    answers[at] = replace(answers[at], **other)
    return replace(of, answers=tuple(answers))


@pytest.mark.parametrize(
    ("number", "at", "change", "out", "into"),
    [
        (0, 0, {"text": "7.5 km"}, "= 7 km", "= 7.5 km"),
        (0, 0, {"text": "7,5 km"}, "= 7 km", "= 7.5 km"),
        (0, 0, {"share": "80"}, "= 7 km", "= 7 km {80%}"),
        (0, 0, {"feedback": "Tepat sekali."}, "km\n    > Tepat.", "km\n    > Tepat sekali."),
        (0, 0, {"feedback": ""}, "    > Tepat.\n= 10", "= 10"),
        (0, 1, {"share": ""}, "10..15   {50%}", "10..15"),
        (0, 1, {"feedback": "Hampir."}, "{50%}\n", "{50%}\n    > Hampir.\n"),
        (1, 1, {"feedback": " Warga harus\nmembacanya."}, "dapat menagihnya", "membacanya"),
        (1, 1, {"feedback": ""}, "= benar {0%}\n    >  Warga harus\n    > dapat menagihnya.\n", ""),
    ],
)
def test_a_line_of_an_answer_changes_its_bytes_alone(number, at, change, out, into):
    raw = TYPED.encode()
    done = edit_question(read(raw), number, with_answer(values(raw, number), at, **change))
    assert done.decode() == TYPED.replace(out, into)


def test_the_key_of_true_or_false_changes_sides():
    raw = TYPED.encode()
    right, wrong = values(raw, 1).answers
    done = edit_question(
        read(raw), 1, replace(values(raw, 1), answers=(replace(right, share="0"), replace(wrong, share="")))
    )
    assert done.decode() == TYPED.replace("= salah", "= salah {0%}").replace("= benar {0%}", "= benar")


@pytest.mark.parametrize(
    ("source", "kind", "wanted"),
    [
        ("## A {#a}\n\n= 7 km\n", "number", "## A {#a type=number}\n\n= 7 km\n"),
        ("## A {#a type=number}\n\n= 7 km\n\n> x\n", "short", "## A {#a}\n\n= 7 km\n\n> x\n"),
        ("## A\n\n- [ ] Benar\n    > x\n- [x] Salah\n", "truefalse",
         "## A {type=truefalse}\n\n= benar {0%}\n    > x\n= salah\n"),
        ("## A {type=truefalse}\n\n= benar\n    > x\n", "single", "## A\n\n- [x] Benar\n    > x\n"),
        ("## A\n\n- [ ] dua\n- [x] tiga\n", "short", "## A\n\n= tiga\n"),
        ("## A\n\nTeks.\n- [ ] dua\n- [x] tiga\n", "short", "## A\n\nTeks.\n\n= tiga\n"),
        ("## A\n\n= satu\n= dua {0%}\n    > x\n", "single", "## A\n\n- [x] satu\n- [ ] dua\n    > x\n"),
        ("## A {type=multiple scoring=each-answer}\n\n- [x] 7\n- [ ] 8\n", "number", "## A {type=number}\n\n= 7\n"),
    ],
)  # fmt: skip
def test_a_question_becomes_another_kind_in_its_place(source, kind, wanted):
    raw = (FRONT + source + "\n## B\n\n= b\n").encode()
    new = converted(values(raw), kind)
    done = edit_question(read(raw), 0, new)
    assert done.decode() == FRONT + wanted + "\n## B\n\n= b\n"
    assert canonical(values(done)) == canonical(new)


# Moving

THREE = (
    FRONT + "Awal.\n\n## A\n\n- [x] a\n- [ ] b\n\n\n<!-- k -->\n## B {#b}\n\n= b [^1]\n\n[^1]: x\n\n## C [^1]\n\n= c"
)


def titles(raw: bytes) -> list[str]:
    return [one.title for one in read(raw).questions]


def test_questions_move_and_come_back():
    raw = THREE.encode()
    done = moving.moved_up(read(raw), 2)
    assert titles(done) == ["A", "C [^1]", "B"]
    assert b"<!-- k -->\n## B {#b}" in done
    assert moving.moved_up(read(done), 2) == raw


def test_a_copy_has_no_id():
    done = moving.duplicate_question(read(THREE.encode()), 1)
    assert titles(done) == ["A", "B", "B", "C [^1]"]
    assert done.count(b"#b") == 1
    assert moving.remove_question(read(done), 2).count(b"## B") == 1


def test_a_question_is_taken_out_and_put_back():
    raw = THREE.encode()
    file = read(raw)
    done = moving.remove_question(file, 1)
    assert titles(done) == ["A", "C [^1]"]
    assert b"[^1]: x" in done, "another question uses it"
    back = moving.put_back(read(done), 1, file, file.questions[1])
    assert titles(back) == ["A", "B", "C [^1]"]
    assert titles(moving.remove_question(file, 2)) == ["A", "B"]
    assert titles(moving.remove_question(read((FRONT + "## A\n\n= a\n").encode()), 0)) == []


def test_a_question_is_added_to_a_quiz_without_any():
    new = QuestionValues(kind="single", stem="Apa?", options=(OptionValues("a", is_correct=True), OptionValues("b")))
    done = moving.add_question(read(FRONT.encode()), new)
    assert done.decode() == FRONT + "\n## Apa?\n\n- [x] a\n- [ ] b\n"


@pytest.mark.parametrize("raw", [b"\xff", b"", b"teks", b"---\ntype: assignment\n---\n", b"---\n: [\n---\n", b"\0"])
def test_a_file_without_questions(raw):
    try:
        assert read_questions(raw) is None
    except NoText:
        pytest.fail("no text is no reason to stop")
