"""Objections 异议: the enterprise does not accept how its matter ended, and somebody else looks at it again."""

from hotline.rules.vocabulary import Word


class ObjectionState(Word):
    """`LAPSED`: the matter was taken up again before it was decided."""

    OPEN = "open", "待裁定"
    UPHELD = "upheld", "成立"
    DISMISSED = "dismissed", "不成立"
    LAPSED = "lapsed", "已失效"
