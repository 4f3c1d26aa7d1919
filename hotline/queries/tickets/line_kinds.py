"""What kind of thing each line of a timeline tells, so that a reader can look for one kind alone."""

from hotline.rules.vocabulary import Word


class LineKind(Word):
    HANDLING = "handling", "办理"
    TALK = "talk", "沟通"
    REQUEST = "request", "申请"
    WATCH = "watch", "督办"
    RATING = "rating", "评价"
    ENTRY = "entry", "登记"


NEW_ROUND = frozenset({"reworked", "reopened", "taken_up"})
"""Always told to the unit as well: a reader who sees the lines after it sees it too."""
OTHER_THAN_HANDLING: dict[LineKind, str] = {
    LineKind.TALK: "contact_recorded progressed relayed info_asked info_supplied called_back call_back_booked quality_called "
    "reminded repeated objected objection_decided",
    LineKind.REQUEST: "requested request_decided request_drafted request_dropped returned reassigned recalled ruled "
    "difficulty_approved extended suspended resumed",
    LineKind.WATCH: "escalated order_drafted order_issued order_declined order_replied order_closed order_sent_back "
    "circular_drafted measure_taken measure_declined sham_found handle_started_unsigned "
    "handle_start_withdrawn order_lapsed",
    LineKind.RATING: "rated rectification_opened case_verified case_appealed appeal_ruled case_mended case_rechecked "
    "case_closed",
    LineKind.ENTRY: "noted corrected enterprise_confirmed attached article_proposed recused due_moved imported archived",
}
KINDS = {entry: kind for kind, entries in OTHER_THAN_HANDLING.items() for entry in entries.split()}


def kind_of(entry: str) -> LineKind:
    """What is not said otherwise is part of the handling."""
    return KINDS.get(entry, LineKind.HANDLING)
