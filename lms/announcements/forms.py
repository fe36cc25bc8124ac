"""Input of instructors about announcements."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from lms.announcements.models import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH
from lms.announcements.queries import Audience
from lms.announcements.services import AnnouncementWords
from lms.core.i18n import lazy
from lms.lib.digits import whole_number
from lms.web.fields import Form, at_most, id_or_none, not_longer_than, one_line, options, stripped_text


class WordsForm(Form):
    title = StringField(
        lazy("Title"),
        [DataRequired(lazy("Please write a title: what participants see first.")), at_most(MAX_TITLE_LENGTH)],
        [one_line],
    )
    text = TextAreaField(
        lazy("Text"),
        [DataRequired(lazy("Please write what participants should know.")), not_longer_than(MAX_TEXT_LENGTH)],
        [stripped_text],
    )

    @property
    def words(self) -> AnnouncementWords:
        return AnnouncementWords(self.title.data, self.text.data)


class AnnouncementForm(WordsForm):
    cohort = SelectField(lazy("For whom"), coerce=id_or_none)
    number = HiddenField()

    def offer(self, audiences: Sequence[Audience], labels: Sequence[str]) -> None:
        whole, *cohorts = zip(audiences, labels, strict=True)
        choices = [(audience.cohort.id, label) for audience, label in cohorts if audience.cohort]
        self.cohort.choices = options(choices, first=whole[1])

    @property
    def own_number(self) -> int | None:
        return whole_number(self.number.data or "")


class CorrectionForm(WordsForm):
    tells_again = BooleanField(lazy("Notify the participants again"))
    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """0, which no announcement has, without one."""
        return whole_number(self.version.data or "") or 0
