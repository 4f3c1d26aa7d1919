"""The states of an assisting task."""

from hotline.rules.vocabulary import Word


class AssistState(Word):
    OPEN = "open", "协办中"
    REPLIED = "replied", "已回复"
    WAIVED = "waived", "已免除"
    ENDED = "ended", "已终止"
