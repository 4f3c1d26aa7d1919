"""What an editor writes: an article with its legal basis, its dates and its owner."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from hotline.casework.knowledge.drafting import Content, NewArticle, Saving, Verdict, Why
from hotline.rules.knowledge import article
from hotline.rules.knowledge.article import LONGEST_BODY, Level, Visibility, is_web_address
from hotline.schemas.base import Choice, Day, Form, NumberText, Several, Text

CODE = validate.Regexp(article.CODE, error="只能用小写字母、数字和连字符")


def web_address(text: str | None) -> None:
    if text and not is_web_address(text):
        raise ValidationError("应为 http 或 https 地址")


class ContentForm(Form):
    """The words and dates of a version; an empty `effective_to` means until further notice."""

    title = Text(200, required=True)
    body = Text(LONGEST_BODY, required=True)
    category = Text(64, required=True)
    owner_unit = Text(64, required=True)
    effective_from = Day(required=True)
    effective_to = Day(allow_none=True, load_default=None)
    next_review_on = Day(required=True)
    change_note = Text(400, empty="", load_default="")
    questions = Several(Text(200, required=True))
    keywords = Several(Text(60, required=True))
    policy_title = Text(200, empty="", load_default="")
    document_number = NumberText(80, empty="", load_default="")
    issuing_body = Text(120, empty="", load_default="")
    source_url = Text(400, empty="", load_default="", validate=web_address)
    level = Choice(Level, load_default=Level.CITY)
    applies_to = Text(400, empty="", load_default="")
    visibility = Choice(Visibility, load_default=Visibility.PUBLIC)


class NewArticleForm(ContentForm):
    """With the name by which the article is called from then on."""

    code = Text(80, required=True, validate=CODE)
    section = Text(40, required=True, validate=CODE)

    @post_load
    def make(self, data: dict[str, Any], **kwargs: Any) -> NewArticle:
        return NewArticle(data.pop("code"), data.pop("section"), Content(**data))


class SavingForm(ContentForm):
    version = fields.Integer(required=True)

    @post_load
    def make(self, data: dict[str, Any], **kwargs: Any) -> Saving:
        return Saving(version=data.pop("version"), content=Content(**data))


class VerdictForm(Form):
    makes = Verdict
    approve = fields.Boolean(required=True)
    text = Text(1000, empty="", load_default="")


class WhyForm(Form):
    makes = Why
    text = Text(1000, required=True)
