"""Every fault a course can have, each in the smallest course that has it and nothing else.

A case is: what is the matter, the files, where it is told, what is told, and a word of the fix.
"""

from __future__ import annotations

from course_sample import COVER, assignment, module, quiz, survey, with_item

from lms.content.markdown.document import MAX_BYTES

CONTROL = "there is an invisible control character here"
HARD_SPACE = "there is a non-breaking space here, as in Word and web pages, where Markdown needs an ordinary one"
Files = dict[str, str | bytes]
Case = tuple[str, Files, str, str, str]

GOOD = "## Apa?\n\n- [x] a\n- [ ] b\n"
PAIRED = "## Apa? {pair=a}\n\n= a\n"
LINES_ABOVE = 4  # front matter of quiz() and assignment(); module() has one line less


def _item(name: str, text: str | bytes, place: str, what: str, fix: str) -> Case:
    return name, with_item(text), f"01-satu.md:{place}", what, fix


def _course(name: str, files: Files, place: str, what: str, fix: str) -> Case:
    return name, files, place, what, fix


def _cover(name: str, keys: str, place: str, what: str, fix: str) -> Case:
    text = f"---\ntitle: Kursus\nsummary: Ringkas.\n{keys}---\n"
    return name, {"course.md": text, "01-satu.md": module("Isi.")}, f"course.md:{place}", what, fix


DOCUMENTS = [
    _item(
        "too_large",
        b"---\ntitle: A\n---\n" + b"x" * MAX_BYTES,
        "1:1",
        "the file has 201 KB; at most 200 KB are read",
        "split",
    ),
    _item("not_utf8", b"---\r\ntitle: caf\xe9\r\n---\r\n", "2:11", "byte 16 of the file is not UTF-8", "encoding"),
    _item(
        "not_utf8_on_the_first_line_behind_a_mark",
        b"\xef\xbb\xbf-\xff",
        "1:2",
        "byte 5 of the file is not UTF-8",
        "encoding",
    ),
    _item("utf16", "---\ntitle: A\n---\n".encode("utf-16"), "1:1", "byte 1 of the file is not UTF-8", "encoding"),
    _item("zero_byte", module("a\0b"), "4:2", f"{CONTROL} (U+0000)", "delete"),
    _item("backspace", module("ab\x08"), "4:3", f"{CONTROL} (U+0008)", "delete"),
    _item("line_separator", module("a\u2028b"), "4:2", f"{CONTROL} (U+2028)", "delete"),
    _item(
        "mark_in_the_middle",
        module("\ufeffb"),
        "4:1",
        f"{CONTROL} (U+FEFF)",
        "delete",
    ),
]

FRONT_MATTER = [
    _item("missing", "Isi.\n", "1:1", "the front matter is missing", "begin the file with a line ---"),
    _item("empty_file", "", "1:1", "the front matter is missing", "begin the file"),
    _item("endless", "---\ntitle: A\nIsi.\n", "1:1", "the front matter has no end", "write a line ---"),
    _item("too_long", "---\n" + "# x\n" * 5000, "4002:1", "the front matter is longer than 16000 characters", "end it"),
    _item("a_list", "---\n- a\n- b\n---\n", "2:1", "the front matter is not a list of keys", "key: value"),
    _item("a_word", "---\nhello\n---\n", "2:1", "the front matter is not a list of keys", "key: value"),
    _item("in_braces", "---\n{title: A}\n---\n", "2:1", "the front matter is not a list of keys", "key: value"),
    _item("alias", "---\ntitle: &a x\nid: *a\n---\n", "2:8", "anchors (&) and aliases (*) are not read here", "quotes"),
    _item("unknown_alias", "---\ntitle: *a\n---\n", "2:8", "anchors (&) and aliases (*) are not read here", "quotes"),
    _item("tag", "---\ntitle: !!str x\n---\n", "2:8", "YAML tags (!) are not read here", "tag"),
    _item("tag_on_a_list", "---\ntitle: !x [a]\n---\n", "2:8", "YAML tags (!) are not read here", "tag"),
    _item("deep", "---\ntitle: [[[[[[a]]]]]]\n---\n", "2:13", "the values are nested too deeply", "flatter"),
    _item("key_is_a_list", "---\ntitle: A\n? [a]\n: b\n---\n", "3:3", "a list or a map cannot be a key", "plain word"),
    _item("key_twice", "---\ntitle: A\njp: 0\ntitle: B\n---\n", "4:1", "the key “title” appears twice", "line 2"),
    _item(
        "inner_key_twice", assignment("x", "files: {max: 1, max: 2}\n"), "4:17", "the key “max” appears twice", "line 4"
    ),
    _item(
        "colon",
        "---\ntitle: Modul 1: Dasar\n---\n",
        "2:15",
        "there is a colon too many here, or the line is indented too far",
        "quotes",
    ),
    _item(
        "indented",
        "---\ntitle: A\n jp: 1\n---\n",
        "3:4",
        "there is a colon too many here, or the line is indented too far",
        "margin",
    ),
    _item(
        "tab", "---\ntitle: A\n\tjp: 1\n---\n", "3:1", "a value cannot begin with this character", "spaces, not tabs"
    ),
    _item("backtick", "---\ntitle: `A`\n---\n", "2:8", "a value cannot begin with this character", "quotes"),
    _item("open_quotes", "---\ntitle: 'A\n---\n", "2:8", "the value in quotes is not readable", "close the quotes"),
    _item(
        "open_bracket", "---\ntitle: A\nafter: [a\n---\n", "4:1", "YAML cannot read the front matter here", "brackets"
    ),
    _item("two_documents", "---\ntitle: A\n--- x\n---\n", "3:1", "YAML cannot read the front matter here", "brackets"),
    _item(
        "unknown_key",
        module("Isi.", "requird: true\n"),
        "3:1",
        "the key “requird” is not known here",
        "did you mean “required”?",
    ),
    _item(
        "quite_unknown_key",
        module("Isi.", "zzz: true\n"),
        "3:1",
        "the key “zzz” is not known here",
        "take it out; known are: after, closes, complete, extra, id, jp",
    ),
    _item(
        "key_of_another_type",
        module("Isi.", "attempts: 3\n"),
        "3:1",
        "the key “attempts” is not known here",
        "known are",
    ),
    _item("no_title", "---\njp: 0\n---\n", "1:1", "“title” is missing", "add a line “title: …”"),
    _item("nothing_at_all", "---\n---\n", "1:1", "“title” is missing", "add a line"),
    _item("hard_space", "---\ntitle:\u00a0A\n---\n", "2:7", HARD_SPACE, "type a space"),
    _item("no_value", module("Isi.", "jp:\n"), "3:4", "“jp” has no value", "after the colon"),
    _item("list_for_a_value", module("Isi.", "jp: [1]\n"), "3:5", "“jp” takes a single value here", "without brackets"),
    _item(
        "map_for_a_value", module("Isi.", "jp: {a: 1}\n"), "3:5", "“jp” takes a single value here", "without brackets"
    ),
    _item("value_for_a_list", module("Isi.", "after: satu\n"), "3:8", "“after” takes a list", "after: [satu]"),
    _item("map_for_a_list", module("Isi.", "after: {a: b}\n"), "3:8", "“after” takes a list", "after: […]"),
    _item(
        "twice_in_a_list",
        quiz(GOOD, "shuffle: [answers, answers]\n"),
        "4:20",
        "this appears in the list twice",
        "take one",
    ),
    _item(
        "value_for_a_map", assignment("x", "files: 3\n"), "4:8", "“files” takes keys of its own", "files: {key: value}"
    ),
    _item(
        "many_in_a_list",
        module("Isi.", f"after: [{', '.join(f'a{number}' for number in range(51))}]\n"),
        "3:8",
        "“after” has more than 50 entries",
        "take some",
    ),
    _item(
        "many_in_a_map",
        quiz(GOOD, f"draw: {{{', '.join(f'a{number}: 1' for number in range(51))}}}\n"),
        "4:7",
        "“draw” has more than 50 entries",
        "take some",
    ),
]

VALUES = [
    _item(
        "title_is_a_number",
        "---\ntitle: 012\n---\n",
        "2:8",
        "without quotes YAML does not read “012” as text",
        'in quotes: "012"',
    ),
    _item(
        "title_is_a_date",
        "---\ntitle: 2026-12-01\n---\n",
        "2:8",
        "without quotes YAML does not read “2026-12-01” as text",
        '"2026-12-01"',
    ),
    _item("title_is_no", "---\ntitle: no\n---\n", "2:8", "without quotes YAML does not read “no” as text", '"no"'),
    _item(
        "title_is_a_time",
        "---\ntitle: 1:30\n---\n",
        "2:8",
        "without quotes YAML does not read “1:30” as text",
        '"1:30"',
    ),
    _item("title_is_empty", "---\ntitle: ''\n---\n", "2:8", "the quotes are empty", "write some words"),
    _item("title_has_lines", '---\ntitle: "a\\nb"\n---\n', "2:8", "this text takes one line only", "one line"),
    _item("title_is_long", f"---\ntitle: {'x' * 201}\n---\n", "2:8", "the text has 201 characters", "at most 200"),
    _item(
        "id_with_capitals",
        module("Isi.", "id: Modul Satu\n"),
        "3:5",
        "“Modul Satu” is not a short name",
        "hyphens: modul-satu",
    ),
    _item(
        "id_without_letters", module("Isi.", "id: ---x?---\n"), "3:5", "“---x?---” is not a short name", "hyphens: x"
    ),
    _item(
        "id_of_signs_only",
        module("Isi.", "id: '??'\n"),
        "3:5",
        "“??” is not a short name",
        "lower-case letters, digits and hyphens",
    ),
    _item("yes", module("Isi.", "required: yes\n"), "3:11", "“yes” is neither true nor false", "write true"),
    _item("no", module("Isi.", "required: no\n"), "3:11", "“no” is neither true nor false", "write false"),
    _item("capital_true", module("Isi.", "required: True\n"), "3:11", "“True” is neither true nor false", "write true"),
    _item(
        "perhaps",
        module("Isi.", "required: perhaps\n"),
        "3:11",
        "“perhaps” is neither true nor false",
        "write true or false",
    ),
    _item("octal", module("Isi.", "jp: 012\n"), "3:5", "“012” is not a number", "write 12, without the zero"),
    _item("sexagesimal", module("Isi.", "jp: 1:30\n"), "3:5", "“1:30” is not a number", "digits only"),
    _item("underscore", module("Isi.", "jp: 1_000\n"), "3:5", "“1_000” is not a number", "digits only"),
    _item("hexadecimal", module("Isi.", "jp: 0x10\n"), "3:5", "“0x10” is not a number", "digits only"),
    _item("exponent", module("Isi.", "jp: 1e3\n"), "3:5", "“1e3” is not a number", "digits only"),
    _item("infinity", module("Isi.", "jp: .inf\n"), "3:5", "“.inf” is not a number", "digits only"),
    _item("negative", module("Isi.", "jp: -1\n"), "3:5", "“-1” is not a number", "digits only"),
    _item("other_digits", module("Isi.", "jp: ٣\n"), "3:5", "“٣” is not a number", "digits only"),
    _item("decimal_comma", assignment("x", "points: 2,5\n"), "4:9", "“2,5” is not a number", "as a point: 2.5"),
    _item("fraction", module("Isi.", "jp: 1.5\n"), "3:5", "“1.5” is not a whole number", "without a fraction"),
    _item("too_much", module("Isi.", "jp: 1001\n"), "3:5", "“1001” is out of range", "from 0 to 1000"),
    _item("nothing_to_win", assignment("x", "points: 0\n"), "4:9", "“0” is out of range", "above 0, up to 1000"),
    _item("pass_above_all", quiz(GOOD, "pass: 101%\n"), "4:7", "“101%” is out of range", "from 0 to 100"),
    _item("no_attempt", quiz(GOOD, "attempts: 0\n"), "4:11", "“0” is out of range", "from 1 to 1000"),
    _item(
        "word_for_a_number",
        quiz(GOOD, "attempts: tak terbatas\n"),
        "4:11",
        "“tak terbatas” is not known here",
        "a number or “unlimited”",
    ),
    _item(
        "wrong_choice",
        quiz(GOOD, "grade: higest\n"),
        "4:8",
        "“higest” is not one of the choices",
        "did you mean “highest”?",
    ),
    _item("far_choice", quiz(GOOD, "review: xyz\n"), "4:9", "“xyz” is not one of the choices", "latihan, kuis, ujian"),
    _item("time_with_colon", quiz(GOOD, "time_limit: 1:30\n"), "4:13", "“1:30” is not a length of time", "90m"),
    _item("time_without_unit", quiz(GOOD, "time_limit: 20\n"), "4:13", "“20” is not a length of time", "20m, 3h or 2d"),
    _item("no_time", quiz(GOOD, "time_limit: 0m\n"), "4:13", "“0m” is out of range", "at least 1m"),
    _item("long_time", quiz(GOOD, "wait: 9999d\n"), "4:7", "“9999d” is out of range", "at most ten years"),
    _item("no_size", assignment("x", "files: {size: 10}\n"), "4:15", "“10” is not a size", "500KB or 10MB"),
    _item(
        "huge_size",
        assignment("x", "files: {size: 9000MB}\n"),
        "4:15",
        "“9000MB” is not a size that files can have here",
        "2000MB",
    ),
    _item(
        "file_type",
        assignment("x", "files: {types: [exe]}\n"),
        "4:17",
        "“exe” is not a kind of file that can be handed in",
        "choose from pdf, docx",
    ),
    _item(
        "no_day", module("Isi.", "opens: besok\n"), "3:8", "“besok” is not a day or a moment", "+7d 09:00 or end+90d"
    ),
    _item(
        "short_hour",
        module("Isi.", "opens: 2026-12-01 9:00\n"),
        "3:8",
        "“2026-12-01 9:00” is not a day or a moment",
        "2026-12-01 09:00",
    ),
    _item(
        "seconds",
        module("Isi.", "opens: 2026-12-01 09:00:00\n"),
        "3:8",
        "“2026-12-01 09:00:00” is not a day or a moment",
        "2026-12-01 09:00",
    ),
    _item(
        "year_206", module("Isi.", "opens: 0206-12-01\n"), "3:8", "“0206-12-01” is not a day or a moment", "2026-12-01"
    ),
    _item(
        "february_30",
        module("Isi.", "opens: 2026-02-30\n"),
        "3:8",
        "“2026-02-30” is not in the calendar or on the clock",
        "correct",
    ),
    _item(
        "hour_25",
        module("Isi.", "opens: +7d 25:00\n"),
        "3:8",
        "“+7d 25:00” is not in the calendar or on the clock",
        "correct",
    ),
    _item("ten_thousand_days", module("Isi.", "opens: +10000d\n"), "3:8", "“+10000d” is out of range", "ten years"),
    _item(
        "closes_before_it_opens",
        module("Isi.", "opens: 2026-12-02\ncloses: 2026-12-01\n"),
        "4:9",
        "“closes” lies before the moment that it should follow",
        "correct one",
    ),
    _item(
        "type", module("Isi.", "type: modul\n"), "3:7", "“modul” is not one of the choices", "did you mean “module”?"
    ),
    _item(
        "type_in_indonesian",
        quiz(GOOD).replace("type: quiz", "type: Kuis"),
        "3:7",
        "“Kuis” is not one of the choices",
        "did you mean “quiz”?",
    ),
    _item(
        "type_as_a_kind_of_session",
        module("Isi.", "type: lokakarya\nmode: workshop\nmeetings: [{duration: 3h}]\n"),
        "3:7",
        "“lokakarya” is not one of the choices",
        "did you mean “session”?",
    ),
]

COVERS = [
    _cover("language", "language: Indonesia\n", "4:11", "“Indonesia” is not a language code", "id or en"),
    _cover("language_no", "language: no\n", "4:11", "without quotes YAML does not read “no” as text", '"no"'),
    _cover("competency", "competency: teknik\n", "4:13", "“teknik” is not one of the choices", "“teknis”"),
    _cover(
        "items_without_sign",
        "completion: {items: 80}\n",
        "4:21",
        "“80” does not say which items are to be completed",
        "80%",
    ),
    _cover(
        "attendance",
        "completion: {attendance: 80%}\n",
        "4:26",
        "what must be attended is said by each live session, not by the course",
        "in the file of the session",
    ),
    _cover("items_in_part", "completion: {items: 0.5%}\n", "4:21", "“0.5%” is not a whole number", "fraction"),
    _cover(
        "unknown_completion",
        "completion: {skor: 1}\n",
        "4:14",
        "the key “skor” is not known here",
        "did you mean “score”?",
    ),
    _cover(
        "itself", "prerequisites: [pelayanan-publik]\n", "4:17", "the course is its own prerequisite", "take it out"
    ),
    _cover("code_is_a_number", "code: 12\n", "4:7", "without quotes YAML does not read “12” as text", '"12"'),
    _course(
        "no_summary",
        {"course.md": "---\ntitle: A\n---\n", "01-a.md": module("Isi.")},
        "course.md:1:1",
        "“summary” is missing",
        "summary",
    ),
    _course("no_course_file", {"01-a.md": module("Isi.")}, "course.md:1:1", "the file course.md is missing", "add it"),
    _course("no_item", {"course.md": COVER}, "course.md:1:1", "the course has no item yet", "01-pengantar.md"),
    _course(
        "section_without_title",
        {"course.md": COVER, "01-a/index.md": "---\n---\n", "01-a/01-b.md": module("Isi.")},
        "01-a/index.md:1:1",
        "“title” is missing",
        "title",
    ),
]


def _path(name: str, path: str, shown: str, what: str, fix: str) -> Case:
    files: Files = {"course.md": COVER, "01-satu.md": module("Isi."), path: module("Isi.")}
    return name, files, f"{shown}:1:1", what, fix


PATHS = [
    _path("climbing", "../a.md", "../a.md", "this path is not safe", "relative"),
    _path("climbing_inside", "01-a/../02-b.md", "01-a/../02-b.md", "this path is not safe", "relative"),
    _path("absolute", "/etc/passwd", "/etc/passwd", "this path is not safe", "relative"),
    _path("drive", "C:/a.md", "C:/a.md", "this path is not safe", "relative"),
    _path("backslash", "01-a\\02-b.md", "01-a\\\\02-b.md", "this path is not safe", "relative"),
    _path("control", "02-a\n.md", "02-a\\n.md", "this path is not safe", "relative"),
    _path("surrogate", "02-a\udcff.md", "02-a\\udcff.md", "this path is not safe", "relative"),
    _path("empty_part", "01-a//02-b.md", "01-a//02-b.md", "this path is not safe", "relative"),
    _path("no_path", "", "", "this path is not safe", "relative"),
    _path("long", "media/" + "a" * 200, "media/" + "a" * 194, "this path is not safe", "relative"),
    _path(
        "no_number",
        "pengantar.md",
        "pengantar.md",
        "the name “pengantar.md” does not have the form NN-name",
        "like this: 02-pengantar.md",
    ),
    _path(
        "one_digit",
        "2-Dua.md",
        "2-Dua.md",
        "the name “2-Dua.md” does not have the form NN-name",
        "like this: 02-dua.md",
    ),
    _path(
        "spaces",
        "02 Dua Lagi.md",
        "02 Dua Lagi.md",
        "the name “02 Dua Lagi.md” does not have the form NN-name",
        "like this: 02-dua-lagi.md",
    ),
    _path(
        "capital_ending",
        "02-dua.MD",
        "02-dua.MD",
        "the name “02-dua.MD” does not have the form NN-name",
        "like this: 02-dua.md",
    ),
    _path(
        "folder",
        "Dasar/02-dua.md",
        "Dasar/02-dua.md",
        "the name “Dasar” does not have the form NN-name",
        "like this: 02-dasar",
    ),
    _path(
        "course_in_a_folder",
        "01-a/course.md",
        "01-a/course.md",
        "the name “course.md” does not have the form NN-name",
        "01-course.md",
    ),
    _path(
        "index_at_the_root", "index.md", "index.md", "the name “index.md” does not have the form NN-name", "02-index.md"
    ),
    _path("no_letters", "??.md", "??.md", "the name “??.md” does not have the form NN-name", "02-judul.md"),
    _path(
        "too_deep",
        "01-a/02-b/03-c.md",
        "01-a/02-b/03-c.md",
        "this file lies too deep: a section has no folders",
        "the section's folder",
    ),
    _path(
        "name_of_a_page",
        "02-finish.md",
        "02-finish.md",
        "the name “finish” belongs to a page of the site",
        "another name",
    ),
    _path("same_slug", "02-satu.md", "02-satu.md", "the name “satu” is taken by 01-satu.md", "another name"),
    _path(
        "same_slug_in_a_section",
        "02-a/02-satu.md",
        "02-a/02-satu.md",
        "the name “satu” is taken by 01-satu.md",
        "another name",
    ),
    _course(
        "same_section",
        {"course.md": COVER, "01-a/01-b.md": module("Isi."), "02-a/01-c.md": module("Isi.")},
        "02-a/01-c.md:1:1",
        "the name “a” is taken by 01-a",
        "another name",
    ),
]


def _quiz(name: str, body: str, place: str, what: str, fix: str, keys: str = "") -> Case:
    """Places count from the first line of the body; line 0 is the last of the keys."""
    line, column = place.split(":")
    above = LINES_ABOVE + keys.count("\n") - (line == "0")
    return _item(name, quiz(body, keys), f"{int(line) + above}:{column}", what, fix)


QUIZZES = [
    _quiz("no_question", "Pengantar.\n", "1:1", "the quiz has no question", "##"),
    _quiz(
        "large_heading",
        GOOD + "\n# Bagian\n",
        "6:1",
        "a heading with a single # does not go here",
        "## to open a question",
    ),
    _quiz("large_heading_first", "# Kuis\n\n" + GOOD, "1:1", "a heading with a single # does not go here", "###"),
    _quiz(
        "underlined", "Bagian\n======\n\n" + GOOD, "2:1", "this line makes the text above it a heading", "blank line"
    ),
    _quiz(
        "underlined_by_accident",
        "Pengantar.\n---\n\n" + GOOD,
        "2:1",
        "this line makes the text above it a heading",
        "blank line",
    ),
    _quiz("no_answers", "## Apa?\n\nSebutkan.\n", "1:1", "the question has no answers", "task list"),
    _quiz("a_list_without_brackets", "## Apa?\n\n- a\n- b\n", "1:1", "the question has no answers", "[x]"),
    _quiz("quote_only", "## Apa?\n\n> Kutipan.\n", "1:1", "the question has no answers", "task list"),
    _quiz("glued_answer", "## Apa?\n\n=2\n", "3:1", "“=2” has no space after the =", "“= 2”"),
    _quiz(
        "list_for_a_word",
        GOOD,
        "0:10",
        "“shuffle” takes a list",
        "shuffle: [answers]",
        keys="shuffle: answer\n",
    ),
    _quiz("no_stem", "## {#a}\n\n- [x] a\n- [ ] b\n", "1:1", "the question has no text", "above the answers"),
    _quiz("no_right", "## Apa?\n\n- [ ] a\n- [ ] b\n", "3:1", "no choice is marked as right", "[x]"),
    _quiz(
        "no_right_of_several",
        "## Apa? {type=multiple}\n\n- [ ] a\n- [ ] b\n",
        "3:1",
        "no choice is marked as right",
        "[x]",
    ),
    _quiz("one_choice", "## Apa?\n\n- [x] a\n", "3:1", "there is only one choice", "at least two"),
    _quiz(
        "many_choices",
        "## Apa?\n\n" + "".join(f"- [x] {n}\n" for n in range(27)),
        "29:1",
        "a question has at most 26 choices",
        "take some",
    ),
    _quiz("no_brackets", "## Apa?\n\n- [x] a\n- b\n", "4:1", "this choice does not begin with [ ] or [x]", "- [x]"),
    _quiz(
        "empty_brackets", "## Apa?\n\n- [x] a\n- [] b\n", "4:1", "this choice does not begin with [ ] or [x]", "- [ ]"
    ),
    _quiz("tick", "## Apa?\n\n- [✓] a\n- [ ] b\n", "3:1", "this choice does not begin with [ ] or [x]", "- [x]"),
    _quiz(
        "wide_brackets", "## Apa?\n\n- [ x ] a\n- [ ] b\n", "3:1", "this choice does not begin with [ ] or [x]", "- [x]"
    ),
    _quiz("glued", "## Apa?\n\n- [x]a\n- [ ] b\n", "3:1", "this choice does not begin with [ ] or [x]", "- [x]"),
    _quiz("empty_choice", "## Apa?\n\n- [x] a\n- [ ]\n", "4:1", "this choice has no text", "after the brackets"),
    _quiz(
        "empty_choice_that_keeps_last",
        "## Apa?\n\n- [x] a\n- [ ] {keep-last}\n",
        "4:1",
        "this choice has no text",
        "after",
    ),
    _quiz(
        "keep_last",
        "## Apa?\n\n- [x] a\n- [ ] b {keep_last}\n",
        "4:9",
        "“{keep_last}” is not known here",
        "“{keep-last}”",
    ),
    _quiz(
        "feedback_too_far",
        "## Apa?\n\n- [x] a\n        > Ya.\n- [ ] b\n",
        "4:1",
        "the feedback is indented too far and reads as part of the choice",
        "four spaces",
    ),
    _quiz(
        "nested_choice",
        "## Apa?\n\n- [x] a\n  - [ ] b\n- [ ] c\n",
        "4:1",
        "this choice is within another one",
        "same column",
    ),
    _quiz(
        "two_marks",
        "## Apa?\n\n- [x] a\n- [ ] b\n* [x] c\n* [ ] d\n",
        "5:1",
        "the answers fall apart into two blocks",
        "one mark (-)",
    ),
    _quiz(
        "feedback_at_the_margin",
        "## Apa?\n\n- [x] a\n> Ya.\n- [x] b\n- [ ] c\n",
        "5:1",
        "the answers fall apart into two blocks",
        "indent quotes",
    ),
    _quiz("gap_between_answers", "## Apa?\n\n= a\n\n= b\n", "5:1", "the answers fall apart into two blocks", "no gap"),
    _quiz(
        "hanging_answers",
        "## Apa?\n\nBaris satu\ndua\n= a\n= b\n",
        "5:1",
        "these answers hang on to the text above",
        "blank line before",
    ),
    _quiz(
        "text_between_answers", "## Apa?\n\n= a\nb\n", "4:1", "this line does not begin with “= ”", "begin each answer"
    ),
    _quiz("empty_answer", "## Apa?\n\n= a\n= {50%}\n", "4:1", "this answer has no text", "after the = sign"),
    _quiz("share_without_sign", "## Apa?\n\n= a\n  = b {50}\n", "4:7", "“{50}” is not a share of the points", "{50%}"),
    _quiz(
        "share_above_all", "## Apa?\n\n= a\n= b {150%}\n", "4:5", "“{150%}” is not a share of the points", "up to 100"
    ),
    _quiz("share_of_nothing", "## Apa?\n\n= a\n= b {0%}\n", "4:5", "“{0%}” is not a share of the points", "above 0"),
    _quiz(
        "nothing_is_wholly_right", "## Apa?\n\n= a {50%}\n", "3:1", "no answer earns all points", "without a percentage"
    ),
    _quiz(
        "answer_twice",
        "## Apa?\n\n= Dua  belas\n= dua belas\n",
        "4:1",
        "the answer “dua belas” appears twice",
        "capitals and spaces",
    ),
    _quiz(
        "text_below",
        "## Apa?\n\n- [x] a\n- [ ] b\n\nSelesai.\n",
        "6:1",
        "there is text below the answers",
        "### Pembahasan",
    ),
    _quiz(
        "text_below_the_quote",
        "## Apa?\n\n= a\n\n> Ya.\n\nSelesai.\n",
        "7:1",
        "there is text below the answers",
        "### Pembahasan",
    ),
    _quiz(
        "misspelt_heading",
        "## Apa?\n\n= a\n\n### Pembahsan\n\nYa.\n",
        "5:1",
        "there is text below the answers",
        "### Pembahasan",
    ),
    _quiz(
        "explained_twice",
        "## Apa?\n\n= a\n\n> Ya.\n\n### Pembahasan\n\nTidak.\n",
        "7:1",
        "the question is explained twice",
        "quote",
    ),
    _quiz(
        "heading_twice",
        "## Apa?\n\n= a\n\n### Pembahasan\n\na\n\n### Pembahasan\n\nb\n",
        "9:1",
        "the heading “Pembahasan” appears twice in this question",
        "one of the two",
    ),
    _quiz(
        "hints_in_prose",
        "## Apa?\n\n= a\n\n### Petunjuk\n\nBaca.\n",
        "5:1",
        "there is something other than a list under ### Petunjuk",
        "- …",
    ),
    _quiz(
        "no_hints",
        "## Apa?\n\n= a\n\n### Petunjuk\n",
        "5:1",
        "there is something other than a list under ### Petunjuk",
        "- …",
    ),
    _quiz(
        "multiple_short",
        "## Apa? {type=multiple}\n\n= a\n",
        "1:15",
        "“type=multiple” does not go with these answers",
        "take it out",
    ),
    _quiz(
        "scoring_of_one",
        "## Apa? {scoring=exact}\n\n- [x] a\n- [ ] b\n",
        "1:18",
        "“scoring” goes with several right choices only",
        "type=multiple",
    ),
    _quiz(
        "scoring_of_short",
        "## Apa? {scoring=exact}\n\n= a\n",
        "1:18",
        "“scoring” does not go with this kind of question",
        "take it out",
    ),
    _quiz(
        "unknown_scoring",
        "## Apa? {scoring=exakt}\n\n- [x] a\n- [x] b\n",
        "1:18",
        "“exakt” is not one of the choices",
        "“exact”",
    ),
    _quiz(
        "bad_attributes",
        "## Apa? {#a points 2}\n\n= a\n",
        "1:9",
        "“{#a points 2}” cannot be read as attributes",
        "{#name points=2",
    ),
    _quiz(
        "spaced_attributes",
        "## Apa? {points = 2}\n\n= a\n",
        "1:9",
        "“{points = 2}” cannot be read as attributes",
        "points=2",
    ),
    _quiz(
        "unknown_attribute",
        "## Apa? {point=2}\n\n= a\n",
        "1:10",
        "the key “point” is not known here",
        "did you mean “points”?",
    ),
    _quiz("id_as_a_key", "## Apa? {id=a}\n\n= a\n", "1:10", "the key “id” is not known here", "did you mean “#id”?"),
    _quiz(
        "attribute_twice",
        "## Apa? {points=2 points=3}\n\n= a\n",
        "1:19",
        "the attribute “points” appears twice",
        "keep one",
    ),
    _quiz("two_ids", "## Apa? {#a #b}\n\n= a\n", "1:14", "the attribute “#id” appears twice", "keep one"),
    _quiz("bad_id", "## Apa? {#Asas_1}\n\n= a\n", "1:11", "“Asas_1” is not a short name", "asas-1"),
    _quiz("no_points", "## Apa? {points=0}\n\n= a\n", "1:17", "“0” is out of range", "above 0"),
    _quiz("points_with_comma", "##  Apa?  {points=2,5}\n\n= a\n", "1:19", "“2,5” is not a number", "2.5"),
    _quiz(
        "id_twice",
        "## Apa? {#a}\n\n= a\n\n## Siapa? {#a}\n\n= b\n",
        "5:1",
        "the id “a” is taken by 01-satu.md:5",
        "another id",
    ),
    _quiz(
        "draw_too_many", GOOD, "0:7", "more questions are drawn (2) than there are (1)", "draw fewer", keys="draw: 2\n"
    ),
    _quiz(
        "draw_from_no_group",
        "## Apa? {group=mudah}\n\n= a\n",
        "0:9",
        "more questions are drawn from the group “sulit” (1) than it has (0)",
        "draw fewer",
        keys="draw: {mudah: 1,\n sulit: 1}\n",
    ),
    _quiz(
        "draw_from_a_misspelt_group",
        "## Apa? {group=mudah}\n\n= a\n",
        "0:24",
        "more questions are drawn from the group “muda” (1) than it has (0)",
        "did you mean “mudah”?",
        keys="draw: {mudah: 1, muda: 1}\n",
    ),
    _quiz(
        "draw_too_many_of_a_group",
        "## Apa? {group=mudah}\n\n= a\n",
        "0:15",
        "more questions are drawn from the group “mudah” (2) than it has (1)",
        "draw fewer",
        keys="draw: {mudah: 2}\n",
    ),
    _quiz(
        "penalty",
        GOOD,
        "0:10",
        "a penalty is for wrong tries, which this quiz does not have",
        "feedback: tries",
        keys="penalty: 20%\n",
    ),
    _quiz(
        "tries",
        GOOD,
        "0:11",
        "“review” tells nobody during the attempt what is wrong, as in an exam",
        "review",
        keys="review: ujian\nfeedback: tries\n",
    ),
    _quiz("review_thing", GOOD, "0:18", "“keys” is not one of the choices", "“key”", keys="review: {after: [keys]}\n"),
    _quiz("review_moment", GOOD, "0:10", "the key “before” is not known here", "", keys="review: {before: all}\n"),
    _quiz(
        "review_key_alone",
        GOOD,
        "0:17",
        "“key” is shown beside the answers, and these are not shown",
        "add “answers”",
        keys="review: {later: [key]}\n",
    ),
    _quiz("files_none", "## Apa? {type=essay files=0}\n", "1:27", "“0” is out of range", "from 1 to 5"),
    _quiz("files_sizes", '## Apa? {type=essay files="2, 5MB, 1MB"}\n', "1:28", "there are two sizes", "leave one of"),
    _quiz(
        "files_kind",
        '## Apa? {type=essay files="2, exe"}\n',
        "1:28",
        "“exe” is not a kind of file that can be handed in",
        "choose from pdf",
    ),
    _quiz(
        "files_comma",
        '## Apa? {type=essay files="2, , pdf"}\n',
        "1:28",
        "there is nothing before or after a comma",
        "words with",
    ),
    _quiz(
        "files_of_choice",
        "## Apa? {files=1}\n\n- [x] a\n- [ ] b\n",
        "1:16",
        "“files” does not go with this kind of question",
        "take it out",
    ),
    _quiz("purpose", GOOD, "0:10", "“pretes” is not one of the choices", "“pretest”", keys="purpose: pretes\n"),
    _quiz(
        "late_policy",
        GOOD,
        "0:14",
        "“trust” is not supported yet: no device can prove when an answer was given",
        "write strict",
        keys="late_policy: trust\n",
    ),
    _quiz(
        "marks_of_keys",
        GOOD,
        "0:8",
        "“marks: together” holds marks that people give, and this quiz has no essay",
        "take “marks” out",
        keys="marks: together\n",
    ),
    _quiz(
        "late_decide",
        GOOD,
        "0:14",
        "“decide” is not supported yet: no device can prove when an answer was given",
        "by hand",
        keys="late_policy: decide\n",
    ),
    _quiz(
        "tags_twice", '## Apa? {tags="a, A"}\n\n= a\n', "1:16", "this appears in the list twice", "take one of the two"
    ),
    _quiz(
        "tags_empty",
        '## Apa? {tags="a, , b"}\n\n= a\n',
        "1:16",
        "there is nothing before or after a comma",
        "words with",
    ),
    _quiz("tags_marked", '## Apa? {tags="#a b"}\n\n= a\n', "1:16", "“#a b” begins with #", "without: a b"),
    _quiz(
        "tag_too_long", f"## Apa? {{tags={'a' * 41}}}\n\n= a\n", "1:15", f"“{'a' * 41}” has 41 characters", "at most 40"
    ),
    _quiz(
        "too_many_tags",
        f'## Apa? {{tags="{",".join("abcdefghijk")}"}}\n\n= a\n',
        "1:16",
        "there are 11 words between the commas",
        "at most 10",
    ),
    _quiz(
        "objective", f"## Apa? {{objective={'a' * 201}}}\n\n= a\n", "1:20", "the text has 201 characters", "at most 200"
    ),
    _quiz("difficulty", "## Apa? {difficulty=sukar}\n\n= a\n", "1:21", "“sukar” is not one of the choices", "sulit"),
    _quiz(
        "draw_by_a_tag_that_no_question_has",
        "## Apa? {tags=asas}\n\n= a\n",
        "0:17",
        "more questions are drawn with the tag “asaz” (1) than have it (0)",
        "did you mean “#asas”?",
        keys='draw: {"#asaz": 1}\n',
    ),
    _quiz(
        "draw_a_tag_as_a_group",
        "## Apa? {tags=asas}\n\n= a\n",
        "0:14",
        "more questions are drawn from the group “asas” (1) than it has (0)",
        "did you mean “#asas”?",
        keys="draw: {asas: 1}\n",
    ),
    _quiz(
        "draw_one_question_for_two_keys",
        '## Apa? {group=mudah tags="asas"}\n\n= a\n',
        "0:7",
        "2 questions are drawn, and no question is drawn twice: together the groups and tags have 1",
        "draw fewer",
        keys='draw: {mudah: 1, "#asas": 1}\n',
    ),
    _quiz("pair", PAIRED, "1:1", "“pair” goes with questions of a pretest or a posttest only", "take it out"),
    _quiz("pair_name", "## Apa? {pair=A}\n\n= a\n", "1:15", "“A” is not a short name", "digits and hyphens: a"),
    _quiz("lint_off", "## Apa? {lint-off=all-key}\n\n= a\n", "1:19", "there is no rule “all-key”", "“all-keys”"),
    _quiz("lint_off_unknown", GOOD, "0:12", "there is no rule “zzz”", "shown with the sugg", keys="lint-off: [zzz]\n"),
    _quiz("draw_nothing", GOOD, "0:7", "“0” is out of range", "from 1", keys="draw: 0\n"),
    _quiz(
        "unknown_type",
        "## Apa? {type=multipel}\n\n- [x] a\n- [ ] b\n",
        "1:15",
        "“multipel” is not one of the choices",
        "“multiple”",
    ),
    _quiz(
        "pattern_with_letters",
        "## Apa?\n\n= a\n= /a+/i\n",
        "4:3",
        "letters after a pattern have no meaning here: “/a+/i”",
        "slash",
    ),
    _quiz("pattern_error", "## Apa?\n\n= a\n = /a(b/ {50%}\n", "4:8", "the pattern has an error: missing )", "\\"),
    _quiz(
        "pattern_at_a_class",
        "## Apa?\n\n= a\n= /ab[c/\n",
        "4:8",
        "the pattern has an error: unterminated character set",
        "correct it here",
    ),
    _quiz(
        "pattern_approximate",
        "## Apa?\n\n= a\n= /(abc){e<=1}/\n",
        "4:9",
        "the pattern asks for approximate matches",
        "each spelling",
    ),
    _quiz("pattern_long", f"## Apa?\n\n= a\n= /{'a' * 301}/\n", "4:4", "the pattern has 301 characters", "at most 300"),
    _quiz("pattern_alone", "## Apa?\n\n= /a+/\n", "3:1", "every answer that earns all points is a pattern", "shown it"),
    _quiz(
        "patterns_too_many",
        "## Apa?\n\n= a\n" + "".join(f"= /{n}+/\n" for n in range(11)),
        "14:1",
        "a question has at most 10 patterns",
        "with |",
    ),
    _quiz(
        "answer_in_a_quote",
        "## Apa?\n\n= a\n> Tepat.\n= b\n",
        "5:1",
        "this answer reads as part of the quote above",
        "four spaces",
    ),
    _quiz(
        "share_of_nothing_unsaid",
        "## A? {type=number}\n\n= 1\n= 2 {0%}\n",
        "4:5",
        "“{0%}” is not a share of the points",
        "four",
    ),
    _quiz("side", "## A. {type=truefalse}\n\n= true\n", "3:3", "“true” is neither “benar” nor “salah”", "= benar"),
    _quiz(
        "side_share",
        "## A. {type=truefalse}\n\n= benar {50%}\n",
        "3:1",
        "an answer to true or false earns all points or none",
        "{0%}",
    ),
    _quiz(
        "sides_both",
        "## A. {type=truefalse}\n\n= benar\n= salah\n",
        "3:1",
        "the key must be one of the two sides",
        "{0%}",
    ),
    _quiz(
        "sides_none",
        "## A. {type=truefalse}\n\n= benar {0%}\n    > x\n",
        "3:1",
        "the key must be one of the two sides",
        "= salah",
    ),
    _quiz(
        "side_twice",
        "## A. {type=truefalse}\n\n= benar\n= Benar\n",
        "4:1",
        "the answer “Benar” appears twice",
        "keep one",
    ),
    _quiz("number_none", "## A? {type=number}\n\n= banyak\n", "3:3", "“banyak” does not begin with a number", "= 7 km"),
    _quiz("number_comma", "## A? {type=number}\n\n= 2,5\n", "3:3", "“2,5” is not a number", "2.5"),
    _quiz(
        "number_groups",
        "## A? {type=number}\n\n= 1\n= 1.250\n",
        "4:3",
        "“1.250” can be read as two numbers",
        "1250, or 1.2500",
    ),
    _quiz(
        "number_groups_twice", "## A? {type=number}\n\n= 1.250.000\n", "3:3", "“1.250.000” is not a number", "digits"
    ),
    _quiz(
        "number_range",
        "## A? {type=number}\n\n= 15..10\n",
        "3:3",
        "the range ends before it begins: “15..10”",
        "smaller",
    ),
    _quiz(
        "number_off",
        "## A? {type=number}\n\n= 15 ± -1\n",
        "3:3",
        "the tolerance is negative: “15 ± -1”",
        "without a sign",
    ),
    _quiz("number_off_comma", "## A? {type=number}\n\n= 15 ± 0,5\n", "3:8", "“0,5” is not a number", "0.5"),
    _quiz(
        "number_word",
        "## A? {type=number}\n\n= 2 juta rupiah\n",
        "3:5",
        "“juta rupiah” is a part of the number, not its unit",
        "= 2000000 rupiah",
    ),
    _quiz("number_unit", "## A? {type=number}\n\n= 2 km 5\n", "3:5", "“km 5” is not a unit", "menit or %"),
    _quiz(
        "number_twice",
        "## A? {type=number}\n\n= 7 km\n= 7 KM {50%}\n",
        "4:1",
        "the answer “7 KM” appears twice",
        "keep one",
    ),
    _quiz("number_part", "## A? {type=number}\n\n= 7 {50%}\n", "3:1", "no answer earns all points", "without a perc"),
    _quiz(
        "number_choices",
        "## A? {type=number}\n\n- [x] 7\n- [ ] 8\n",
        "1:13",
        "“type=number” does not go with these answers",
        "take it out",
    ),
    _quiz(
        "essay_rubric",
        "## Apa?\n\n= a\n\n### Rubrik\n\nx\n",
        "5:1",
        "only an essay has a rubric: this question is marked by its answers",
        "{type=essay}",
    ),
]


ORDER = "## Apa? {type=order}\n\n"
MATCH = "## Apa? {type=match}\n\n| a | b |\n| - | - |\n"

STRUCTURED = [
    _quiz(
        "order_not_said", "## Apa?\n\n1. a\n2. b\n", "3:1", "this numbered list is not read as answers", "type=order"
    ),
    _quiz("order_without_list", "## Apa? {type=order}\n\n- a\n", "1:1", "the question has no answers", "numbered list"),
    _quiz("one_step", ORDER + "1. a\n", "3:1", "the number of steps to put in order is 1; it can be 2 to 20", "more"),
    _quiz("empty_step", ORDER + "1. a\n2.\n3. b\n", "4:1", "this step has no text", "after the number"),
    _quiz("step_twice", ORDER + "1. a\n2. b\n3. a\n", "5:1", "the step “a” appears twice", "reword"),
    _quiz(
        "order_scoring",
        "## Apa? {type=order scoring=net-correct}\n\n1. a\n2. b\n",
        "1:29",
        "“net-correct” is not one of the choices",
        "exact",
    ),
    _quiz(
        "match_not_said",
        "## Apa?\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
        "3:1",
        "this table is not read as answers",
        "type=match",
    ),
    _quiz(
        "match_without_table", "## Apa? {type=match}\n\nTeks.\n", "1:1", "the question has no answers", "two columns"
    ),
    _quiz(
        "three_columns",
        "## Apa? {type=match}\n\n| a | b | c |\n| - | - | - |\n| 1 | 2 | 3 |\n",
        "3:1",
        "the table has 3 columns; matching takes two",
        "on the left",
    ),
    _quiz(
        "three_cells",
        MATCH + "| 1 | 2 | 3 |\n| 2 | 4 |\n| 3 | 5 |\n",
        "5:11",
        "this row has more cells than the table has columns",
        "\\|",
    ),
    _quiz(
        "no_partner",
        MATCH + "| 1 | 2 |\n| 2 | |\n| 3 | 4 |\n",
        "6:7",
        "the right cell of this row is empty",
        "take the row out",
    ),
    _quiz("left_twice", MATCH + "| 1 | 2 |\n| 1 | 3 |\n| 3 | 4 |\n", "6:3", "“1” appears twice on the left", "reword"),
    _quiz(
        "partner_as_distractor",
        MATCH + "| 1 | 2 |\n| 3 | 4 |\n|  | 4 |\n",
        "7:6",
        "“4” is the partner of another row, and no distractor",
        "reword",
    ),
    _quiz(
        "one_row",
        MATCH + "| 1 | 2 |\n|  | 3 |\n",
        "3:1",
        "the number of rows to match is 1; it can be 2 to 20",
        "more rows",
    ),
    _quiz("one_partner", MATCH + "| 1 | 2 |\n| 3 | 2 |\n", "3:1", "all rows have the same partner", "distractor"),
    _quiz(
        "gap_in_a_link",
        "## Buka [ini [[a]] di sini](https://contoh.id).\n",
        "1:14",
        "a gap cannot appear here: in a link, a description of a picture or HTML",
        "\\[[",
    ),
    _quiz(
        "gap_in_a_table",
        "## Isi.\n\n| a |\n| - |\n| [[x|y]] |\n",
        "5:3",
        "the bar in this gap ends the cell of the table",
        "\\|",
    ),
    _quiz("empty_gap", "## Isi [[a|]] ini.\n", "1:8", "an answer of this gap is empty", "bar"),
    _quiz("gap_twice", "## Isi [[a|A]] ini.\n", "1:8", "the answer “A” appears twice", "keep one"),
    _quiz(
        "two_right_in_a_gap",
        "## \n\nIsi\n[[=a|=b]] ini.\n",
        "4:1",
        "several answers of this gap are marked as right",
        "one of them",
    ),
    _quiz("one_to_choose", "## Isi [[=a]] ini.\n", "1:8", "this gap offers only one answer to choose", "after a bar"),
    _quiz(
        "many_gaps", "## Isi.\n\n" + "[[a]] " * 31 + "\n", "3:181", "a question has at most 30 gaps", "two questions"
    ),
    _quiz(
        "points_of_a_text",
        "## Kasus {type=description points=2}\n\nIsi.\n\n" + GOOD,
        "1:35",
        "“points” does not go with this kind of question",
        "take it out",
    ),
    _quiz(
        "hints_of_a_text",
        "## Kasus {type=description}\n\nIsi.\n\n### Petunjuk\n\n- a\n\n" + GOOD,
        "1:4",
        "a text without a question has nothing to explain and needs no hints",
        "above",
    ),
    _quiz("only_texts", "## Kasus {type=description}\n\nIsi.\n", "1:1", "the quiz has texts, but no question", "##"),
]


def _module(name: str, body: str, place: str, what: str, fix: str) -> Case:
    line, column = place.split(":")
    return _item(name, module(body), f"{int(line) + 3}:{column}", what, fix)


FENCE = "```question {#a}\nApa?\n\n= a\n```\n"

MODULES = [
    _module(
        "text_without_a_question",
        "```question {type=description}\nTeks.\n```\n",
        "1:13",
        "a text without a question can only appear in a quiz",
        "text of the module",
    ),
    _module(
        "essay_in_a_module",
        "```question {type=essay}\nMengapa?\n```\n",
        "1:13",
        "nobody marks questions to check oneself, and an essay is marked by people",
        "ask it in a quiz",
    ),
    _module(
        "open_fence", "Isi.\n\n```question {#a}\nApa?\n\n= a\n", "3:1", "this question has no end", "write a line ```"
    ),
    _module(
        "open_fence_that_ends_with_a_line", "```question\nApa?\n\n= a\n~~~\n", "1:1", "this question has no end", "```"
    ),
    _module(
        "fence_in_a_list",
        "- a\n\n  ```question\n  Apa?\n\n  = a\n  ```\n",
        "3:1",
        "this question is within a list or a quote",
        "margin",
    ),
    _module(
        "fence_in_a_quote",
        "> ```question\n> Apa?\n>\n> = a\n> ```\n",
        "1:1",
        "this question is within a list or a quote",
        "margin",
    ),
    _module(
        "words_on_the_fence",
        "```question Apa? {#a}\nx\n\n= a\n```\n",
        "1:13",
        "only attributes in braces may follow “question”",
        "below",
    ),
    _module(
        "bad_attributes_on_the_fence",
        "```question {#a points 2}\nx\n\n= a\n```\n",
        "1:13",
        "“{#a points 2}” cannot be read as attributes",
        "{#name",
    ),
    _module(
        "second_question",
        "```question\nApa?\n\n= a\n\n## Siapa?\n```\n",
        "6:1",
        "a second question does not go into this box",
        "box of its own",
    ),
    _module(
        "large_heading_in_a_fence",
        "```question\n# Apa?\n\n= a\n```\n",
        "2:1",
        "a heading with a single # does not go here",
        "write ### for a heading",
    ),
    _module("no_answers_in_a_fence", "```question\nApa?\n```\n", "1:1", "the question has no answers", "task list"),
    _module("empty_fence", "```question\n```\n", "1:1", "the question has no answers", "task list"),
    _module("no_text_in_a_fence", "```question\n= a\n```\n", "1:1", "the question has no text", "above the answers"),
    _module(
        "indented_fence",
        "  ```question\n  Apa?\n\n  = a\n  = b {50}\n  ```\n",
        "5:7",
        "“{50}” is not a share of the points",
        "{50%}",
    ),
    _module("same_id_in_two_fences", FENCE + "\n" + FENCE, "7:1", "the id “a” is taken by 01-satu.md:4", "another id"),
    _module(
        "too_many_footnotes",
        "Isi[^a].\n\n" + "```question\nApa?\n\n= a\n```\nIsi[^a].\n\n" * 30 + "[^a]: " + "kata " * 2000 + "\n",
        "134:1",
        "footnotes and link targets are mentioned too often in this file",
        "shorten",
    ),
]


def _task(name: str, body: str, place: str, what: str, fix: str, keys: str = "") -> Case:
    line, column = place.split(":")
    above = LINES_ABOVE + keys.count("\n") - (line == "0")
    return _item(name, assignment(body, keys), f"{int(line) + above}:{column}", what, fix)


def _rubric(name: str, table: str, place: str, what: str, fix: str) -> Case:
    return _task(name, f"## Rubrik\n\n{table}", place, what, fix)


ASSIGNMENTS = [
    _task(
        "no_model_answer", "Kerjakan.\n\n## Contoh jawaban\n", "3:1", "there is nothing under ## Contoh jawaban", "take"
    ),
    _task(
        "model_answer_for_everybody",
        "Kerjakan.\n\n### Contoh jawaban\n\nAntrean.\n",
        "3:1",
        "this heading would show the model answer to everybody, together with the task",
        "two #",
    ),
    _task(
        "part_after_model_answer",
        "Kerjakan.\n\n## Contoh jawaban\n\nAntrean.\n\n## Rubrik\n\n| K | Baik (2) |\n| - | - |\n| a | b |\n",
        "7:1",
        "the model answer goes on to the end of the file, and this heading is within it",
        "above ## Contoh jawaban",
    ),
    _task(
        "anonymous_group",
        "x",
        "0:12",
        "the work of a group names its members",
        "take “anonymous” out",
        keys="group: true\nanonymous: true\n",
    ),
    _task("nothing_to_hand_in", "x", "0:9", "nothing can be handed in", "text, files, link", keys="submit: []\n"),
    _task(
        "late_without_due", "x", "0:7", "nothing can be late where nothing is due", "due", keys="late: {penalty: 10%}\n"
    ),
    _task(
        "late_decided_without_due",
        "x",
        "0:14",
        "nothing can be late where nothing is due",
        "take “late_policy” out",
        keys="late_policy: decide\n",
    ),
    _task(
        "late_before_due",
        "x",
        "0:15",
        "“until” lies before the moment that it should follow",
        "correct",
        keys="due: +7d\nlate: {until: +6d}\n",
    ),
    _task(
        "late_key", "x", "0:8", "the key “untill” is not known here", "“until”", keys="due: +7d\nlate: {untill: +8d}\n"
    ),
    _task("files_key", "x", "0:9", "the key “most” is not known here", "max, size, types", keys="files: {most: 2}\n"),
    _rubric("no_table", "Teks.\n", "3:1", "there is something other than one table under ## Rubrik", "one table"),
    _rubric("nothing", "", "1:1", "there is something other than one table under ## Rubrik", "one table"),
    _rubric(
        "text_below_table",
        "| a | b (1) |\n| - | - |\n| x | y |\n\nTeks.\n",
        "7:1",
        "there is something other than one table under ## Rubrik",
        "above the heading",
    ),
    _rubric(
        "level_without_points",
        "| a | Baik |\n| - | - |\n| x | y |\n",
        "3:7",
        "the level “Baik” has no points",
        "Baik (3)",
    ),
    _rubric("comma_points", "| a | Baik (2,5) |\n| - | - |\n| x | y |\n", "3:7", "“2,5” is not a number", "2.5"),
    _rubric("many_points", "| a | Baik (1001) |\n| - | - |\n| x | y |\n", "3:7", "“1001” is out of range", "0 to 1000"),
    _rubric(
        "zero_points",
        "| a | b (0) | c (0) |\n| - | - | - |\n| x | y | z |\n",
        "3:7",
        "no level earns points",
        "best level",
    ),
    _rubric("no_rows", "| a | b (1) |\n| - | - |\n", "3:1", "the rubric is empty", "row for each criterion"),
    _rubric("no_levels", "| a |\n| - |\n| x |\n", "3:1", "the rubric is empty", "Baik (3)"),
    _rubric(
        "no_criterion", "| a | b (1) |\n| - | - |\n|  | y |\n", "5:4", "this criterion has no name", "first column"
    ),
    _rubric(
        "many_cells",
        "| a | b (1) |\n| - | - |\n| x | y | z |\n",
        "5:11",
        "this row has more cells than the table has columns",
        "\\|",
    ),
    _rubric(
        "criterion_twice",
        "| a | b (1) |\n| - | - |\n| x | y |\n| X | z |\n",
        "6:3",
        "“X” appears twice in the rubric",
        "name of its own",
    ),
    _rubric(
        "level_twice",
        "| a | b (1) | b (1) |\n| - | - | - |\n| x | y | z |\n",
        "3:15",
        "“b (1)” appears twice in the rubric",
        "name of its own",
    ),
    _rubric(
        "two_rubrics", "| a | b (1) |\n| - | - |\n| x | y |\n\n## Rubrik\n", "7:1", "there are two rubrics", "one table"
    ),
]


def _asked(name: str, body: str, place: str, what: str, fix: str, keys: str = "") -> Case:
    line, _, column = place.partition(":")
    here = int(line) + LINES_ABOVE + keys.count("\n")
    return f"survey_{name}", with_item(survey(body, keys)), f"01-satu.md:{here}:{column}", what, fix


def _survey_setting(name: str, key: str, what: str, fix: str) -> Case:
    column = key.index(":") + 3
    return f"survey_{name}", with_item(survey("## Apa?\n", f"{key}\n")), f"01-satu.md:4:{column}", what, fix


OTHERS_ANSWER = "is not supported yet: those who take a course answer, while they take it"
SURVEYS = [
    _survey_setting("level", "level: behaviour", f"“behaviour” {OTHERS_ANSWER}", "“level: reaction”"),
    _survey_setting("superior", "respondent: superior", f"“superior” {OTHERS_ANSWER}", "“respondent: learner”"),
    _survey_setting("peer", "respondent: peer", f"“peer” {OTHERS_ANSWER}", "“respondent: learner”"),
    _survey_setting("other_level", "level: reaksi", "“reaksi” is not one of the choices", "reaction"),
    _asked("marks", "## Apa?\n", "-1:1", "the key “pass” is not known here", "take it out", "pass: 70\n"),
    _survey_setting("complete", "complete: read", "“read” is not one of the choices", "sent"),
    _asked("empty", "Isi.\n", "1:1", "the survey has no question", "open each question with a line ##"),
    _asked("too_many", "## Apa?\n\n" * 21, "41:4", "a survey has at most 20 questions", "take some out"),
    _asked("no_words", "## {scale=5}\n", "1:4", "the question has no text", "after ##"),
    _asked("one_step", "## Apa? {scale=1}\n", "1:16", "“1” is out of range", "from 2 to 10"),
    _asked("ends_alone", "## Apa? {low=kurang}\n", "1:14", "“low” does not go with this kind of question", "scale=5"),
    _asked(
        "several_of_nothing",
        "## Apa? {type=multiple}\n",
        "1:15",
        "“type” does not go with this kind of question",
        "each as “- [ ] …”",
    ),
    _asked(
        "scale_and_choices",
        "## Apa? {scale=5}\n\n- [ ] a\n- [ ] b\n",
        "1:16",
        "the question has a scale and choices",
        "take “scale” out",
    ),
    _asked("points", "## Apa? {points=2}\n", "1:10", "the key “points” is not known here", "take it out"),
    _asked("required", "## Apa? {required=ya}\n", "1:19", "“ya” is neither true nor false", "true"),
    _asked("right", "## Apa?\n\n- [x] a\n- [ ] b\n", "3:1", "no choice of a survey is right or wrong", "- [ ]"),
    _asked("no_brackets", "## Apa?\n\n- [ ] a\n- b\n", "4:1", "this choice does not begin with [ ]", "- [ ]"),
    _asked("no_choice", "## Apa?\n\n- [ ] a\n- [ ]\n", "4:1", "this choice has no text", "after the brackets"),
    _asked("twice", "## Apa?\n\n- [ ] a\n- [ ] *a*\n", "4:1", "this choice appears twice", "reword"),
    _asked(
        "one_choice",
        "## Apa?\n\n- [ ] a\n",
        "3:1",
        "a question of a survey has 2 to 20 choices, and this one has 1",
        "add choices",
    ),
    _asked(
        "long_choice",
        "## Apa?\n\n- [ ] a\n\n  Lagi.\n- [ ] b\n",
        "3:1",
        "this choice has more than one paragraph",
        "in one line",
    ),
    _asked("below", "## Apa?\n\n- [ ] a\n- [ ] b\n\nIsi.\n", "6:1", "there is text below the choices", "above them"),
    _asked("heading", "# Apa?\n\n## Apa?\n", "1:1", "a heading with a single # does not go here", "## to open"),
    _asked(
        "id_twice",
        "## Apa? {#a}\n\n## Siapa? {#a}\n",
        "3:1",
        "the id “a” is taken by 01-satu.md:5",
        "another id",
    ),
]


def _two(name: str, keys: str, other_keys: str, place: str, what: str, fix: str) -> Case:
    files: Files = {"course.md": COVER, "01-satu.md": module("Isi.", keys), "02-dua.md": quiz(GOOD, other_keys)}
    return name, files, place, what, fix


def _scores(name: str, drop: str, first: str, second: str, place: str, what: str, fix: str) -> Case:
    """Two quizzes, and what is dropped of their scores."""
    cover = f"---\ntitle: Kursus\nsummary: Ringkas.\n{drop}---\n"
    return name, {"course.md": cover, "01-a.md": quiz(GOOD, first), "02-b.md": quiz(GOOD, second)}, place, what, fix


def _tests(name: str, before: str, after: str, place: str, what: str, fix: str) -> Case:
    pretest, posttest = quiz(before, "purpose: pretest\n"), quiz(after, "purpose: posttest\n")
    return name, {"course.md": COVER, "01-satu.md": pretest, "02-dua.md": posttest}, place, what, fix


WHOLE = [
    _tests(
        "pair_alone", PAIRED, GOOD, "01-satu.md:6:1", "no question of 02-dua.md has the pair “a”", "write pair=a at the"
    ),
    _tests(
        "pair_slip",
        PAIRED.replace("=a}", "=asas}"),
        PAIRED.replace("=a}", "=asas}") + "\n" + PAIRED.replace("=a}", "=asaz}").replace("Apa", "Siapa"),
        "02-dua.md:10:1",
        "no question of 01-satu.md has the pair “asaz”",
        "did you mean “asas”?",
    ),
    _tests(
        "pair_twice",
        PAIRED + "\n" + PAIRED.replace("Apa", "Siapa"),
        PAIRED,
        "01-satu.md:10:1",
        "the pair “a” appears twice in this quiz",
        "another pair",
    ),
    _course(
        "two_pretests",
        {
            "course.md": COVER,
            "01-satu.md": quiz(GOOD, "purpose: pretest\n"),
            "02-dua.md": quiz(GOOD, "purpose: pretest\n"),
            "03-tiga.md": quiz(GOOD, "purpose: posttest\n"),
        },
        "02-dua.md:4:10",
        "the course has a pretest already: 01-satu.md",
        "one of the two",
    ),
    _two(
        "after_nobody",
        "",
        "after: [stau]\n",
        "02-dua.md:4:9",
        "there is no item “stau” in the course",
        "did you mean “satu”?",
    ),
    _two(
        "after_far",
        "",
        "after: [satu, xyz]\n",
        "02-dua.md:4:15",
        "there is no item “xyz” in the course",
        "without its number",
    ),
    _two(
        "after_number", "", "after: [01-satu]\n", "02-dua.md:4:9", "there is no item “01-satu” in the course", "“satu”"
    ),
    _two(
        "after_itself",
        "after: [satu]\n",
        "",
        "01-satu.md:3:9",
        "these items wait for each other: satu → satu",
        "take one",
    ),
    _two(
        "circle",
        "after: [dua]\n",
        "after: [satu]\n",
        "01-satu.md:3:9",
        "these items wait for each other: satu → dua → satu",
        "take one",
    ),
    _two("same_item_id", "id: a\n", "id: a\n", "02-dua.md:4:5", "the id “a” is taken by 01-satu.md", "another id"),
    _two("id_is_a_slug", "", "id: satu\n", "02-dua.md:4:5", "the id “satu” is taken by 01-satu.md", "another id"),
    _two(
        "weight_of_a_module",
        "weight: 10\n",
        "weight: 100\n",
        "01-satu.md:3:9",
        "this item is not marked, so it has no weight",
        "take the line out",
    ),
    _two(
        "extra_module", "extra: true\n", "", "01-satu.md:3:8", "this item is not marked, so it gives no credit", "out"
    ),
    _two(
        "only_extra",
        "",
        "extra: true\n",
        "02-dua.md:4:8",
        "all marked items are extra credit, so there is no final score to add to",
        "take “extra” out",
    ),
    _two(
        "group_of_a_module",
        "score_group: kuis\n",
        "",
        "01-satu.md:3:14",
        "the score of this item is never dropped: it is extra credit, or there is none",
        "take the line out",
    ),
    _scores(
        "group_not_dropped",
        "",
        "score_group: kuis\n",
        "",
        "01-a.md:4:14",
        "nothing is dropped of the group “kuis”",
        "{kuis: 1}",
    ),
    _scores(
        "dropped_group_is_empty",
        "drop_lowest: {kuis: 1}\n",
        "",
        "",
        "course.md:4:14",
        "no item is in the group “kuis”",
        "“score_group: kuis”",
    ),
    _scores(
        "all_dropped",
        "drop_lowest: 1\n",
        "",
        "extra: true\n",
        "course.md:4:14",
        "1 of 1 scores are dropped: none is left",
        "drop fewer",
    ),
    _two("no_weight_at_all", "", "weight: 0\n", "02-dua.md:4:9", "no item has a weight above 0", "above 0"),
    _course(
        "jp",
        {"course.md": COVER.replace("summary", "jp: 3\nsummary"), "01-a.md": module("Isi.", "jp: 2\n")},
        "course.md:3:5",
        "the items add up to 2 jp, the course says 3",
        "jp: 2",
    ),
    _course(
        "jp_of_items_only",
        {"course.md": COVER, "01-a.md": module("Isi.", "jp: 2\n")},
        "course.md:2:1",
        "the items add up to 2 jp, the course says 0",
        "jp: 2",
    ),
    _quiz(
        "example_text",
        "## Apa?\n\n- [x] Jawaban yang benar\n- [ ] b\n",
        "3:1",
        "this is still the example text: “Jawaban yang benar”",
        "your own text",
    ),
    _quiz(
        "example_texts",
        "## Apa?\n\n- [x] Jawaban yang benar\n- [ ] b\n- [ ] Jawaban lain yang keliru\n",
        "3:1",
        "these are still example texts: “Jawaban yang benar” “Jawaban lain yang keliru”",
        "your own texts",
    ),
]


def _session(name: str, keys: str, place: str, what: str, fix: str) -> Case:
    return _item(name, f"---\ntitle: Satu\ntype: session\n{keys}---\nIsi.\n", place, what, fix)


HELD = "mode: seminar\nmeetings: [{duration: 3h}]\n"
SESSIONS = [
    _session("no_mode", "meetings: [{duration: 3h}]\n", "1:1", "“mode” is missing", "add a line “mode: …”"),
    _session("no_meetings", "mode: webinar\n", "2:1", "there is no meeting that anybody could attend", "write one"),
    _session(
        "empty_meetings",
        "mode: webinar\nmeetings: []\n",
        "5:11",
        "there is no meeting that anybody could attend",
        "write one",
    ),
    _session(
        "meetings_as_text",
        "mode: webinar\nmeetings: besok\n",
        "5:11",
        "“meetings” takes a list of keys with values",
        "write such a list",
    ),
    _session(
        "meeting_without_length",
        "mode: webinar\nmeetings: [{starts: +7d 09:00}]\n",
        "5:12",
        "“duration” is missing",
        "add “duration: …” to it",
    ),
    _session(
        "long_meeting",
        "mode: webinar\nmeetings: [{duration: 2d}]\n",
        "5:23",
        "“2d” is out of range",
        "several meetings",
    ),
    _session(
        "key_of_a_meeting",
        "mode: webinar\nmeetings: [{duration: 3h, tempat: Aula}]\n",
        "5:27",
        "the key “tempat” is not known here",
        "known are",
    ),
    _session("nobody_needs_it", f"{HELD}attendance: 0%\n", "6:13", "“0%” is out of range", "from 1% to 100%"),
    _session(
        "link", f"{HELD}link: rapat.contoh.id\n", "6:7", "“rapat.contoh.id” is not a complete address", "https://"
    ),
]
ERRORS = [
    *(*DOCUMENTS, *FRONT_MATTER, *VALUES, *COVERS, *PATHS, *QUIZZES, *STRUCTURED, *MODULES, *ASSIGNMENTS),
    *(*SESSIONS, *SURVEYS, *WHOLE),
]

WARNINGS = [
    _asked(
        "list",
        "## Apa?\n\n- a\n- b\n",
        "3:1",
        "this list is part of the question, which is answered with a text",
        "- [ ] …",
    ),
    _quiz(
        "text_at_the_end",
        GOOD + "\n## Kasus {type=description}\n\nIsi.\n",
        "6:1",
        "this text is shown with no question, because none follows it",
        "above the questions",
    ),
    _quiz(
        "no_gap",
        "## Isi [[a]]?\n\n= a\n",
        "1:8",
        "this is no gap, because there are answers below: learners see the brackets",
        "\\[[",
    ),
    _module("hard_space_of_a_list", "- a\n-\u00a0b\n", "2:2", HARD_SPACE, "type a space"),
    _quiz(
        "fence_too_far",
        "## Apa?\n\n- [x] a\n      ```\n      b\n      ```\n- [ ] c\n",
        "4:1",
        "the code is indented too far and does not read as code",
        "four spaces",
    ),
    _path("stray_file", "catatan.txt", "catatan.txt", "this file is not a part of the course", "media/"),
    _path(
        "stray_file_in_a_section", "01-a/alur.svg", "01-a/alur.svg", "this file is not a part of the course", "media/"
    ),
    _path("readme", "README.md", "README.md", "this file is not a part of the course", "take the file out"),
    _module(
        "no_alt",
        "Isi ![ ](https://a.id/x.png).\n",
        "1:5",
        "the picture has no description for those who cannot see it",
        "![what it shows](…)",
    ),
    _module(
        "no_title",
        "Isi ![](https://a.id/x.mp4).\n",
        "1:5",
        "the video or recording has no title",
        "![title](…)",
    ),
    (
        "no_captions",
        {"course.md": COVER, "01-satu.md": module("Isi ![Sapa](media/sapa.mp4).\n"), "media/sapa.mp4": ""},
        "01-satu.md:4:5",
        "the video has no captions for those who cannot hear it, or may not",
        "put a file of captions beside it: media/sapa.vtt",
    ),
    _module(
        "dead_picture",
        "Isi ![Alur](media/alur.svg).\n",
        "1:13",
        "“media/alur.svg” leads to a file that is not in the course",
        "add the file",
    ),
    _module(
        "dead_link",
        "a\nb [c](02-x.md#y) d\n",
        "2:7",
        "“02-x.md#y” leads to a file that is not in the course",
        "https://",
    ),
    _module(
        "dead_link_by_reference",
        "a\n\nb [c][d]\n\n[d]: x.pdf\n",
        "3:1",
        "“x.pdf” leads to a file that is not in the course",
        "add the file",
    ),
    _module(
        "nearly_right",
        "[c](../01-satu.md)\n",
        "1:5",
        "“../01-satu.md” leads to a file that is not in the course",
        "did you mean “01-satu.md”?",
    ),
    _module(
        "dead_link_in_a_fence",
        "```question {#a}\nApa [c](x.pdf)?\n\n= a\n```\n",
        "2:9",
        "“x.pdf” leads to a file that is not in the course",
        "add the file",
    ),
    _module("long", "kata " * 4200, "1:1", "this takes about 21 minutes to read", "at most 20 minutes"),
    _quiz("same_choice", "## Apa?\n\n- [x] a\n- [ ] a\n", "4:1", "this choice appears twice", "reword"),
    _quiz(
        "answer_with_other_accents",
        "## Apa?\n\n= Jum'at\n= jum’at\n",
        "4:1",
        "the answer “jum’at” is already accepted",
        "accents, apostrophes and dashes",
    ),
    _quiz(
        "never_drawn",
        "## Apa? {group=a}\n\n= a\n\n## Siapa?\n\n= b\n",
        "5:1",
        "this question is never drawn",
        "group=",
        keys="draw: {a: 1}\n",
    ),
    _two(
        "no_pretest",
        "",
        "purpose: posttest\n",
        "02-dua.md:4:10",
        "the course has a posttest and no pretest: no gain is shown",
        "write “purpose: pretest” in the quiz",
    ),
    _two("weights", "", "weight: 50\n", "02-dua.md:4:9", "the weights add up to 50, not to 100", "share of the sum"),
    _course(
        "no_weight",
        {"course.md": COVER, "01-a.md": quiz(GOOD, "weight: 100\n"), "02-b.md": quiz(GOOD)},
        "02-b.md:1:1",
        "this item has no weight, while others have: it does not count",
        "weight: 0",
    ),
    _course(
        "unreachable",
        {"course.md": COVER.replace("summary", "completion: {score: 70}\nsummary"), "01-a.md": module("Isi.")},
        "course.md:3:21",
        "this final score cannot be reached: nothing in the course is marked",
        "add a quiz",
    ),
]
