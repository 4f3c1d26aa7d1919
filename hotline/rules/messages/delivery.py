"""The states of a message on its way out."""

from hotline.rules.vocabulary import Word


class DeliveryState(Word):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    DEAD = "dead", "发送失败"
