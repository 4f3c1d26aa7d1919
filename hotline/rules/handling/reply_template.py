"""Templates of replies: a unit's own words, with places for what is known of the ticket."""

import re
from collections.abc import Mapping

from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Role

NUMBER, TITLE, UNIT = "编号", "标题", "单位"
PLACES = (NUMBER, TITLE, UNIT)
WRITERS = frozenset({Role.HANDLER, Role.LEADER})
MOST = 50
"""More in one list is not looked through by anybody."""
PLACE = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")


def check_places(text: str) -> None:
    """Refuses a place that nothing is known for, so that no brace ever reaches an enterprise."""
    unknown = [found for found in PLACE.findall(text) if found.strip() not in PLACES]
    if unknown:
        places = "、".join(f"{{{place}}}" for place in PLACES)
        raise InvalidInput({"/text": f"不认识“{{{unknown[0]}}}”，可以用的只有{places}"})


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known of the ticket in its places."""
    return PLACE.sub(lambda found: values.get(found.group(1).strip(), found.group()), text)
