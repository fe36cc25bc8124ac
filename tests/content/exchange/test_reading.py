"""Reading question banks: every construct, and what is said of the questions that a quiz cannot have."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from lms.content.exchange import bank as bank_module
from lms.content.exchange import recognising
from lms.content.exchange.bank import UnreadableBank
from lms.content.exchange.escaping import as_text
from lms.content.exchange.from_html import markdown_of_html
from lms.content.exchange.recognising import read_bank
from lms.content.exchange.table import COLUMNS, EXAMPLE_ROWS, field_of
from lms.content.rendering.markdown_html import render
from lms.lib.tables import Column, Sheet, write_csv, write_xlsx

HERE = Path(__file__).parent
UNREADABLE = {message.template for message in recognising._UNREADABLE.values()}


def gift(text: str):
    return read_bank(text.encode())


def only(text: str):
    [found] = gift(text).taken
    return found


def texts(taken) -> list[tuple[str, Fraction, str]]:
    return [(one.text, one.share, one.feedback.source if one.feedback else "") for one in taken.question.accepted]


def why(text: str) -> str:
    [found] = gift(text).left_out
    return str(found.what)


@pytest.fixture(scope="module")
def bank():
    return read_bank((HERE / "bank.gift").read_bytes())


def test_each_question_of_the_gift_file_is_taken_or_named(bank):
    assert bank.name == "GIFT"
    assert [one.line for one in bank.taken] == [7, 15, 17, 19, 21, 23, 30, 32, 34, 38, 44, 46, 48, 50, 52]
    assert [one.line for one in bank.left_out] == [40, 42, 54, 56, 58, 60, 62]
    assert all(str(one.what) and str(one.fix) and one.words for one in bank.left_out)


def test_a_choice_with_feedback_comments_group_and_explanation(bank):
    assert bank.taken[0].source == (
        '## Apa ibu kota **Papua Barat Daya**? {group=Asas tags="mudah, asas"}\n\n'
        "- [x] Sorong\n    > Benar.\n- [ ] Manokwari\n    > Itu Papua Barat.\n- [ ] Jayapura\n\n"
        "> Dibentuk pada tahun 2022.\n"
    )
    assert bank.taken[0].notes == ()


def test_tags_are_taken_as_far_as_a_question_can_have_them():
    gift = (
        "// [tag:Asas umum] [tag:asas  UMUM] [tag:a,b] [difficulty:sulit] [objective:Menyebut asas]\n::A::Apa? {=ya}\n"
    )
    found = read_bank(gift.encode()).taken[0]
    assert found.question.tags == ("Asas umum", "a b")
    assert (found.question.difficulty, found.question.objective) == ("sulit", "Menyebut asas")
    assert [str(note) for note in found.notes] == ["The tags are not kept as they are: Asas umum, asas  UMUM, a,b."]


def test_a_missing_word_leaves_a_blank(bank):
    assert render(bank.taken[1].question.stem.source).html == "<p>Grant is _____ in Grant's tomb.</p>"


def test_the_first_feedback_of_true_or_false_is_that_of_the_wrong_answer(bank):
    found = bank.taken[3].question
    assert (found.kind, found.is_true) == ("true_false", False)
    assert (found.if_true.source, found.if_false.source) == ("Terbit di timur.", "Tepat.")
    assert bank.taken[3].question.explanation.source == "Rotasi bumi."


def test_short_answers_have_shares(bank):
    assert texts(bank.taken[4]) == [("empat", 1, ""), ("4", 1, ""), ("kira-kira empat", Fraction(1, 2), "Hampir.")]
    assert not bank.taken[4].notes


def test_numbers_with_a_tolerance_and_a_range(bank):
    assert [str(one) for one in bank.taken[10].question.accepted] == ["1.822 ± 5"]
    assert [str(one) for one in bank.taken[11].question.accepted] == ["3,141–3,142"]
    assert "= 3.1410..3.1420" in bank.taken[11].source


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [
        ("#5", ["5"]),
        ("#-2.50:0.5", ["−2,5 ± 0,5"]),
        ("#=1822:0#Tepat. =%50%1822:2", ["1.822", "1.822 ± 2"]),
        ("#1e3:0", ["1.000"]),
        ("# =3..4", ["3–4"]),
    ],
)
def test_ways_to_write_a_number_in_gift(answers, accepted):
    assert [str(one) for one in only(f"Berapa? {{{answers}}}").question.accepted] == accepted


@pytest.mark.parametrize(
    ("answers", "fault"),
    [("#", "no answer earns"), ("#lima", "not a number"), ("#%50%5", "no answer earns"), ("#=%150%5", "more than all")],
)
def test_numbers_that_cannot_be_read_are_named(answers, fault):
    assert fault in why(f"Berapa? {{{answers}}}")


def test_a_star_that_stands_for_any_text_is_a_pattern():
    found = only(r"Siapa? {=pimpinan =%50%pimpinan *\* (OPD)}").question
    assert [one.text for one in found.accepted] == ["pimpinan", r"/pimpinan.*\* \(OPD\)/"]
    assert [found.score(text) for text in ("Pimpinan", "pimpinan unit * (opd)", "pimpinan unit")] == [
        1,
        Fraction(1, 2),
        0,
    ]
    assert "pattern" in why("Tulis apa saja {=*}")


def test_escapes_stand_for_themselves_and_plain_is_no_markup(bank):
    html = render(bank.taken[7].question.stem.source).html
    assert "Tulis 2 = 1 \\+ 1 ~ # {kurung} dan : &lt;b&gt;apa adanya&lt;/b&gt;" in html
    assert "<br" in html and "baris kedua" in html


def test_top_is_no_group(bank):
    assert bank.taken[9].question.group is None


@pytest.mark.parametrize(
    ("answers", "scoring"),
    [
        ("~%50%a ~%50%b ~%-50%c", "net-correct"),
        ("~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d", "net-correct"),
        ("~%50%a ~%50%b ~%-100%c", "correct-only"),
        ("~%50%a ~%50%b", "correct-only"),
        ("~%50%a ~%50%b ~c", "net-correct"),
        ("~%100%a ~%-100%b", "net-correct"),
    ],
)
def test_weights_that_a_way_of_scoring_fits(answers, scoring):
    found = only(f"Pilih {{{answers}}}")
    assert (found.question.takes_several, found.question.scoring) == (True, scoring)
    assert bool(found.notes) == (answers == "~%50%a ~%50%b ~c")


@pytest.mark.parametrize(
    "answers",
    ["~%50%a ~%50%b ~%-25%c", "~%60%a ~%40%b", "~%40%a ~%40%b", "=a =b ~c", "=a ~%50%b", "=a ~%-50%b", "~a ~b"],
)
def test_weights_that_none_fits_are_named(answers):
    assert why(f"Pilih {{{answers}}}")


def test_windows_line_ends_a_mark_and_another_encoding_are_read():
    assert only("\ufeffApa\u00e9?{=a\r\n~b}\r\n").question.stem.source == "Apaé?"
    [found] = read_bank("Apaé?{=a ~b}".encode("cp1252")).taken
    assert found.question.stem.source == "Apaé?"
    [found] = read_bank("Apaé?{=a ~b}".encode("utf-16")).taken
    assert found.question.stem.source == "Apaé?"


def test_a_blank_line_within_a_question_is_named_at_both_halves():
    found = gift("Apa?{\n=a\n\n~b\n}\n")
    assert [one.line for one in found.left_out] == [1, 4]


def test_text_that_looks_like_markdown_stays_text():
    found = only(r"1. Apa * itu_ [x] # ini?{=- a ~\#\# b}")
    html = render(found.question.stem.source).html
    assert html.strip() == "<p>1. Apa * itu_ [x] # ini?</p>"


def test_a_picture_in_markdown_is_named_too():
    assert "picture" in why("[markdown]![a](@@PLUGINFILE@@/a.png)?{=a ~b}")


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


WITH_PICTURES = (
    b'[html]Apa <img src="@@PLUGINFILE@@/bab/alur.png" alt="Alur"> ini?{=a ~<img src\\="ikon.gif">}\n\n'
    b'[markdown]![x](alur.png) ![y](https://a.id/b.png)?{=a ~b}\n\n[html]<img src="hilang.png">?{=a ~b}\n'
)


def test_pictures_beside_a_text_in_a_zip():
    found = read_bank(zipped(soal_gift=WITH_PICTURES, bab__alur_png=b"1", ikon_gif=b"2"))
    first, second = found.taken
    assert [(one.name, one.data) for one in first.pictures] == [("alur.png", b"1"), ("ikon.gif", b"2")]
    alur, ikon = (one.link for one in first.pictures)
    assert first.question.stem.source == f"Apa ![Alur]({alur}) ini?"
    assert first.question.options[1].text.source == f"![]({ikon})"
    assert [one.link for one in second.pictures] == [alur]
    assert second.question.stem.source == f"![x]({alur}) ![y](https://a.id/b.png)?"
    assert ["hilang.png" in str(one.what) for one in found.left_out] == [True]


@pytest.mark.parametrize("files", [{"a_txt": b"A{=a}", "b_txt": b"B{=b}"}, {"a_png": b"1"}])
def test_a_zip_without_one_text_is_refused(files):
    with pytest.raises(UnreadableBank) as refusal:
        read_bank(zipped(**files))
    assert "texts with questions" in str(refusal.value.what)


def test_a_picture_within_the_html_itself():
    found = only('[html]<img src="data\\:image/png;base64,AAAA" alt="Alur">?{\\=a =a ~b}'.replace("\\=a ", ""))
    assert found.question.stem.source.startswith("![Alur](gambar-")
    assert found.pictures[0].data == b"\x00\x00\x00"


def test_the_moodle_file():
    found = read_bank((HERE / "bank.xml").read_bytes())
    first, second, third, fourth, fifth, *others = found.taken
    gap, essay, text, picture = sorted(
        others, key=lambda one: ("[[" not in one.question.stem.source, bool(one.pictures))
    )
    assert first.question.points == Fraction(5, 2)
    assert first.question.group == "Bab 2"
    assert first.question.stem.source == "Apa **asas** pelayanan?\n\n- a\n- b"
    assert all(option.keeps_last for option in first.question.options)
    assert [hint.source for hint in first.question.hints] == ["Baca UU 25."]
    assert len(second.notes) == 2
    assert (third.question.if_true.source, third.question.if_false.source) == ("Ya", "Bukan")
    assert fourth.question.stem.source == "Tujuh tambah\\\ntujuh?"
    assert texts(fourth) == [("14", 1, ""), ("sekitar 14", Fraction(1, 2), "")]
    assert [str(one) for one in fifth.question.accepted] == ["3,14"]
    assert [one.words for one in found.left_out] == ["Enam"]
    assert essay.question.is_marked_by_people
    assert [one.question.stem.source for one in (gap, text)] == ["[[a]]", "Baca"]
    assert [(one.name, one.data) for one in picture.pictures] == [("alur.png", b"\x00\x00\x00")]
    assert picture.question.stem.source == f"![]({picture.pictures[0].link})"


NUMERICAL = (
    '<quiz><question type="numerical"><questiontext><text>Berapa?</text></questiontext>'
    "{answers}{more}</question></quiz>"
)
SEVEN = '<answer fraction="100"><text>7</text><tolerance>0.5</tolerance></answer>'
STAR = '<answer fraction="0"><text>*</text><feedback><text>Bukan.</text></feedback></answer>'
KM = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
METRES = KM.replace("</units>", "<unit><multiplier>1000</multiplier><unit_name>m</unit_name></unit></units>")


@pytest.mark.parametrize(
    ("more", "accepted", "notes"),
    [
        ("", ["7 ± 0,5"], 0),
        (KM, ["7 ± 0,5 km", "7 ± 0,5"], 0),
        (f"<unitgradingtype>1</unitgradingtype><unitpenalty>1</unitpenalty>{KM}", ["7 ± 0,5 km"], 0),
        (f"<unitgradingtype>1</unitgradingtype><unitpenalty>0.1</unitpenalty>{KM}", ["7 ± 0,5 km"], 1),
        (f"<showunits>3</showunits>{METRES}", ["7 ± 0,5"], 0),
        (STAR, ["7 ± 0,5"], 1),
    ],
)
def test_numbers_of_moodle_with_their_units(more, accepted, notes):
    [found] = gift(NUMERICAL.format(answers=SEVEN, more=more)).taken
    assert ([str(one) for one in found.question.accepted], len(found.notes)) == (accepted, notes)


def test_units_that_moodle_converts_are_named():
    assert "converts" in why(NUMERICAL.format(answers=SEVEN, more=METRES))


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        ("45", ["45"]),
        ("45 menit", ["45 menit"]),
        ("1.250,5 ± 0,5 km", ["1.250,5 ± 0,5 km"]),
        ("10..15 %", ["10–15 %"]),
        ("45 menit | 0,75 jam", ["45 menit", "0,75 jam"]),
    ],
)
def test_a_number_in_a_table_is_written_as_learners_type_it(key, accepted):
    [found] = gift(f"Soal;Kunci;Jenis\nBerapa?;{key};Angka\n").taken
    assert [str(one) for one in found.question.accepted] == accepted


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Berapa?;banyak;angka;", "not a number"),
        ("Berapa?;10 ± 1 ± 1;angka;", "not a number"),
        ("Berapa?;15..10;angka;", "ends before it begins"),
        ("Berapa?;7;esai;", "“esai” in the column"),
        ("Berapa?;7;angka;a", "has choices"),
    ],
)
def test_a_number_in_a_table_that_cannot_be_read_is_named(row, fault):
    assert fault in why(f"Soal;Kunci;Jenis;A\n{row}\n")


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaa">]><quiz>&a;</quiz>',
        '<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz></quiz>',
        "<quiz>&nbsp;</quiz>",
        "<quiz><question></quiz>",
        "<?xml version='1.0'?><html/>",
        "<quiz>" + "<a>" * 200,
        "<quiz></quiz>",
        "",
        "halo",
        "\x00\x01\x02",
        "a;b;c\n1;2;3\n",
    ],
)
def test_a_file_that_is_no_bank_is_refused_with_a_reason(text):
    if text == "halo":
        assert gift(text).taken  # a description, as Moodle reads it
        return
    with pytest.raises(UnreadableBank) as refusal:
        gift(text)
    assert str(refusal.value.what) and str(refusal.value.fix)


def test_an_aiken_file_is_read_and_its_faulty_questions_are_named():
    text = "Apa?\nA. satu\nB) dua\nANSWER: B\n\nTanpa kunci\nA. x\nB. y\n\nSalah\nA. x\nC. y\nANSWER: A"
    found = gift(text.replace("\n", "\r\n"))
    assert found.name == "Aiken"
    assert [one.source for one in found.taken] == ["## Apa?\n\n- [ ] satu\n- [x] dua\n"]
    assert [one.line for one in found.left_out] == [6, 10]


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_the_template_is_read_and_its_examples_are_not(write):
    def read(rows):
        out = io.BytesIO()
        write(out, Sheet("Soal", COLUMNS, rows))
        return read_bank(out.getvalue())

    found = read([(str(row[0]).removeprefix("CONTOH "), *row[1:]) for row in EXAMPLE_ROWS])
    assert [one.question.kind for one in found.taken] == [
        *("choice", "choice", "short_answer", "true_false", "number"),
    ]
    assert found.taken[1].question.scoring == "exact"
    with pytest.raises(UnreadableBank):
        read(EXAMPLE_ROWS)


def test_all_sheets_with_questions_are_read():
    out = io.BytesIO()
    columns = [Column(title, "text") for title in ("Soal", "Kunci")]
    write_xlsx(out, Sheet("Satu", columns, [("A?", "a1")]), Sheet("Dua", columns, [("B?", "b1")]))
    assert [one.question.title for one in read_bank(out.getvalue()).taken] == ["A?", "B?"]


def test_headings_are_forgiving():
    for heading in ("Pertanyaan", "question", "BUTIR SOAL"):
        assert field_of(heading) == "stem"
    for heading in ("A", "Opsi A", "pilihan 1", "Option_A", "Jawaban A", "Answer 1"):
        assert field_of(heading) == "A"
    for heading in ("Kunci Jawaban", "jawaban", "Correct answer"):
        assert field_of(heading) == "key"
    assert field_of("1") is None


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ((None, "a", "b", "A"), "no text"),
        (("Apa?", "a", "b", None), "no key"),
        (("Apa?", "a", "b", "C"), "none of the choices"),
        (("Apa?", None, "b", "B"), "missing between"),
        (("Apa?", None, None, "A"), "no choices"),
    ],
)
def test_rows_that_cannot_be_read_are_named(row, fault):
    out = io.BytesIO()
    columns = [Column(title, "text") for title in ("Soal", "A", "B", "Kunci")]
    write_xlsx(out, Sheet("S", columns, [("Sah?", "a", "b", "b"), row]))
    found = read_bank(out.getvalue())
    assert [one.line for one in found.taken] == [2]
    assert fault in str(found.left_out[0].what)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\\\nc"),
        ("x<sup>2</sup> H<sub>2</sub>O", "x<sup>2</sup> H<sub>2</sub>O"),
        (r"Jika \(a_1^2\) maka", "Jika $a_1^2$ maka"),
        ("<b> tebal </b>teks", "**tebal** teks"),
        ("<table><tr><th>a|b<th>c<tr><td>d</table>", "| a\\|b | c |\n| --- | --- |\n| d |   |"),
        ('<a href="https://a.id/x">s</a> <a href="javascript:x">t</a>', "[s](https://a.id/x) t"),
        ("<script>x</script>a&nbsp;b", "a b"),
        ("<div>" * 500 + "a", "a"),
    ],
)
def test_html_becomes_markdown(html, markdown):
    assert markdown_of_html(html, lambda source: source).text == markdown


@pytest.mark.parametrize(
    "text",
    [
        *("# a", "- a", "1. a", "> a", "a\n---", "= a", "*a*", "_a_", "`a`", "[a](b)", "<b>", "&amp;", "$a$ $b$"),
        *("a | b\n--- | ---", "!!! note", "~~a~~", "a\\*", "    a", "[^1]: a", "[a]: b", "* a", "+ a", "```\na", "a\\"),
    ],
)
def test_plain_text_is_shown_as_it_is(text):
    from html import unescape
    from re import sub

    shown = unescape(sub(r"<br ?/?>\n?", "\n", render(as_text(text)).html).replace("<p>", "").replace("</p>", ""))
    assert shown.split() == text.split()


STRUCTURED_XML = [
    f'<quiz><question type="{kind}"><questiontext><text>{text}</text></questiontext>{more}</question></quiz>'
    for kind, text, more in (
        (
            "ordering",
            "A",
            "<answer><text>a</text><feedback><text>b</text></feedback></answer><answer><text>c</text></answer>",
        ),
        ("description", "A", "<generalfeedback><text>b</text></generalfeedback>"),
        ("cloze", "A", ""),
        ("cloze", "{1:SA:=a} {2:SAC:=a#b~c}", ""),
        ("cloze", "{1:NM:=5}", ""),
        ("cloze", "{1:SA:%50%a}", ""),
        ("cloze", "{1:SA:=a*}", ""),
        ("cloze", "{1:MC:a~b}", ""),
        ("cloze", "{1:MC:=a*[~b}", ""),
    )
]
ESSAYS_XML = [
    f'<quiz><question type="{kind}"><questiontext><text>A</text></questiontext>{more}</question></quiz>'
    for kind, more in (
        ("essay", "<graderinfo><text>b</text></graderinfo><responsetemplate><text>c</text></responsetemplate>"),
        ("essay", "<attachments>-1</attachments><filetypeslist>.odt</filetypeslist><maxwordlimit>50</maxwordlimit>"),
        ("calculated", ""),
    )
]
CASES = [
    zipped(a_png=b"1"),
    *(HERE.joinpath(name).read_bytes() for name in ("bank.gift", "bank.xml")),
    *(
        text.encode()
        for text in (
            "A{~a}",
            "A{=a ~}",
            "// [tag:a,b]\nA{=a}",
            "Soal,Kunci,Kesulitan\nApa?,ya,luar biasa\n",
            "A{" + " ".join(f"~%5%{n}" for n in range(27)) + "}",
            "A{=a =b ~c}",
            "A{=a ~%50%b}",
            "A{=a ~%-50%b}",
            "A{~%60%a ~%30%b}",
            "A{~%50%a ~%50%b ~c}",
            "// [points:0]\nA{=a}",
            "A}",
            "{=a}",
            "A{=%50%a}",
            "A{=%150%a}",
            "[html]A<iframe></iframe>{=a}",
            "A{=a {b}",
            "[markdown]A\n\\n\\n# B{=a}",
            "Apa\nA. a\nC. b\nANSWER: A",
            "Apa\nA. a\nB. b\n\nApa\nA. a\nB. b\nANSWER: C",
            "\n".join(f"{n}{{=a}}\n" for n in range(1001)),
            "Soal;A;B;C;Kunci\n;a;b;;A\nApa;a;b;;\nApa;a;;c;A\nApa;a;b;;D\nApa;;;;A\n",
            "Nama;Nilai\nA;1\nB;2\n",
            "Soal;Kunci;Jenis;A\nA;7;esai;\nB;banyak;angka;\nC;7;angka;a\n",
            "A{#lima}",
            *(NUMERICAL.format(answers=SEVEN, more=more) for more in (STAR, METRES)),
            NUMERICAL.format(
                answers=SEVEN, more=f"<unitgradingtype>1</unitgradingtype><unitpenalty>.1</unitpenalty>{KM}"
            ),
            "<quiz>" + "<a>" * 200,
            "<quiz><a></quiz>",
            "<?xml version='1.0'?><html/>",
            r"A{=a \{keep-last\} ~b}",
            r"[markdown]A\n\n> b{=a}",
            r"[markdown]A{=a\n\n- [ ] c ~b}",
            "[markdown]A{=a {keep-last\\} ~b}",
            "<!DOCTYPE quiz><quiz/>",
            "<quiz/>",
            "",
            '<quiz><question type="truefalse"><questiontext><text>A</text></questiontext>'
            '<answer fraction="x"><text>true</text></answer></question></quiz>',
            "A{>2 CONTIG\na\nb\nc}",
            "A{>2 V LONGEST_CONTIGUOUS_SUBSET\na\nb}",
            "A{> a\nb}",
            "A{####b}",
            "A{>2\na\nb}",
            *STRUCTURED_XML,
            *ESSAYS_XML,
        )
    ),
    *(b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x00\x01", b"%PDF-1.4 {"),
]


def test_every_sentence_is_said_by_one_of_the_cases():
    """But for those about damaged workbooks, which the readers of lists of people are tested with."""
    said = set()
    for case in CASES:
        try:
            found = read_bank(case)
        except UnreadableBank as refusal:
            said |= {refusal.what.template, refusal.fix.template}
            continue
        said |= {note.template for one in found.taken for note in one.notes}
        said |= {message.template for one in found.left_out for message in (one.what, one.fix)}
    folder = Path(bank_module.__file__).parent
    written = {
        sentence
        for path in folder.glob("*.py")
        for sentence in re.findall(r'say\(\s*"((?:[^"\\]|\\.)*)"', path.read_text())
    }
    assert {sentence.replace("\\\\", "\\") for sentence in written} - said - UNREADABLE == set()
