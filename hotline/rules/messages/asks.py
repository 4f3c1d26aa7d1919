"""The request behind each kind of notice: it leaves the desk when that is done, not only when it was read.

Notices that are not listed tell something and ask for nothing; they stay until they are read.
"""

from collections.abc import Mapping

from hotline.rules.vocabulary import ClockKind

C = ClockKind
ESCALATED, DIGEST = "escalated", "digest"
"""A step of the ladder, and many of them at once. Both leave when their clocks stand on another step, or run no more."""
ASKED_BY_CLOCK: Mapping[str, frozenset[ClockKind]] = {
    "submitted": frozenset({C.ACCEPT}),
    "info_supplied": frozenset({C.ACCEPT}),
    "taken_up": frozenset({C.ACCEPT}),
    "accepted": frozenset({C.DISPATCH}),
    "ruled": frozenset({C.DISPATCH}),
    "dispatched": frozenset({C.SIGN}),
    "passed_down": frozenset({C.SIGN, C.HANDLE}),
    "reminded": frozenset({C.ACCEPT, C.DISPATCH, C.SIGN, C.HANDLE, C.REVIEW}),
    "relayed": frozenset({C.SIGN, C.HANDLE, C.REVIEW, C.CALL_BACK}),
    "result_drafted": frozenset({C.HANDLE}),
    "result_refused": frozenset({C.HANDLE}),
    "reworked": frozenset({C.HANDLE}),
    "reopened": frozenset({C.HANDLE}),
    "result_submitted": frozenset({C.REVIEW}),
    "request_asked": frozenset({C.REQUEST}),
    "order_drafted": frozenset({C.ORDER_ISSUE}),
    "order_issued": frozenset({C.ORDER_REPLY}),
    "order_sent_back": frozenset({C.ORDER_REPLY}),
    "bad_rating": frozenset({C.VERIFY}),
    "case_verified": frozenset({C.RECTIFY}),
    "case_returned": frozenset({C.RECTIFY}),
    "case_appealed": frozenset({C.APPEAL}),
    "case_mended": frozenset({C.RECHECK}),
    "case_rechecked": frozenset({C.RECHECK}),
    "track_reported": frozenset({C.TRACK_CHECK}),
    "track_returned": frozenset({C.TRACK}),
    "objected": frozenset({C.OBJECTION}),
    "policy_registered": frozenset({C.POLICY_ARTICLE}),
    "error_reported": frozenset({C.ERROR_CONFIRM, C.ERROR_MEND}),
}
"""A kind of notice -> the clocks of its ticket or task that end when what it asks is done."""
ASKED_BY_ROW = ("assist_asked", "request_drafted", "order_replied")
"""What waits for something that has no clock of its own, or not yet: an assisting task, a signature, the end of an order."""
