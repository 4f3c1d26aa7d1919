"""Names of enterprises: when two of them are the same, and how one came to an enterprise beside its own."""

import unicodedata
from dataclasses import dataclass

from hotline.rules.invisible import without_invisible
from hotline.rules.refusal_families import Conflict
from hotline.rules.vocabulary import Word

LONGEST = 200
ONE_SIGN = str.maketrans(
    {
        **dict.fromkeys("[{<〔【《〈「『〖〘", "("),
        **dict.fromkeys("]}>〕】》〉」』〗〙", ")"),
        **dict.fromkeys(".•・‧∙⋅●⸱。", "·"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\"'“”‘’＂＇`", None),
    }
)


class NameKind(Word):
    """Why a name belongs to an enterprise that has another one."""

    GIVEN = "given", "工单所填名称"
    MERGED = "merged", "并入的企业"
    FORMER = "former", "曾用名"


class NameChoice(Word):
    """The name to keep where staff have established another one for the code."""

    STORED = "stored", "沿用已核实的名称"
    RENAME = "rename", "企业更名为新名称"


@dataclass(eq=False)
class EnterpriseNamedOtherwise(Conflict):
    """Staff have established another name for this credit code: somebody says which of the two holds."""

    code_given: str
    stored: str
    given: str
    code = "enterprise-named-otherwise"
    title = "这个信用代码已核实为另一名称"
    way_out = "请选择沿用已核实的名称（name_choice=stored），或者为该企业更名（name_choice=rename）"
    message = "统一社会信用代码{code_given}已核实为“{stored}”，与“{given}”不同"


def name_key(name: str) -> str:
    """Return the normal form by which names are compared: （集团） and (集团), wide and narrow, with and without blanks."""
    plain = unicodedata.normalize("NFKC", without_invisible(name)).casefold()
    key = "".join(plain.translate(ONE_SIGN).split()).strip("·")
    return (key or plain)[:LONGEST]
