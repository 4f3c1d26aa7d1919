"""What an enterprise sends to rate, and to look up."""

from hotline.casework.rating import RatingGiven
from hotline.forms.base import Choice, Form, Several, Text
from hotline.rules.grounds import BadReason
from hotline.rules.vocabulary import Satisfaction


class RatingForm(Form):
    makes = RatingGiven
    level = Choice(Satisfaction, required=True)
    reasons = Several(Choice(BadReason))
    remark = Text(1000, empty="", load_default="")


class PublicRatingForm(Form):
    """The same with the query code beside it, for whoever is not signed in."""

    code = Text(12, required=True)
    level = Choice(Satisfaction, required=True)
    reasons = Several(Choice(BadReason))
    remark = Text(1000, empty="", load_default="")
