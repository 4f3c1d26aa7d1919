"""What an article is worth to those who read it, and what may become of a question that it could not answer."""

import re
import unicodedata
from dataclasses import dataclass

from hotline.rules.actors import Actor
from hotline.rules.masking import mask_in_text
from hotline.rules.vocabulary import Role, Word

LONGEST_SEARCH = 80
BESIDE_WORDS = re.compile(r"[^\w〔〕/\-*]+")
LONG_NUMBER = re.compile(r"\d{7,}")
SPACED_PHONE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]\d{4}){2}(?!\d)")


class Use(Word):
    """`SHOWN`: it stood in a list that somebody asked for; `OPENED`: somebody read it."""

    SHOWN = "shown", "出现在结果中"
    OPENED = "opened", "被打开"


class Reader(Word):
    """For whom an article was of use."""

    OPERATOR = "operator", "坐席"
    STAFF = "staff", "其他工作人员"
    PUBLIC = "public", "公众"


@dataclass(frozen=True, slots=True)
class UseRules:
    """`votes_a_day` from one visitor; `new_searches_a_day` kept, so that nobody fills the list; the days a search is kept."""

    votes_a_day: int
    new_searches_a_day: int
    searches_kept_days: int


def reader_of(actor: Actor | None) -> Reader:
    """The person at the phone, another member of staff, or the public."""
    if actor is None or actor.is_enterprise:
        return Reader.PUBLIC
    at_the_phone = actor.roles & {Role.OPERATOR, Role.OUTSOURCED_OPERATOR}
    return Reader.OPERATOR if at_the_phone else Reader.STAFF


def usefulness(solved: int, not_solved: int, cited: int) -> float:
    """Between 0 and 1; one half where nothing is known. To be cited in an answer counts as one that it has solved."""
    good = solved + cited
    return (good + 1) / (good + not_solved + 2)


def kept_search(text: str) -> str:
    """What was searched for as the list of work keeps it: one form for many ways of typing it, and nobody's number.

    Empty for what says nothing: less than two characters.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = LONG_NUMBER.sub("***", mask_in_text(SPACED_PHONE.sub("***", plain)))
    words = " ".join(BESIDE_WORDS.sub(" ", plain).split())[:LONGEST_SEARCH].strip()
    return words if sum(c.isalnum() for c in words) > 1 else ""
