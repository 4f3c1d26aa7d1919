"""The roles that can sign for a ticket, and the refusal where a lead unit has nobody in them."""

from dataclasses import dataclass

from hotline.rules.refusal_families import Conflict
from hotline.rules.vocabulary import Action, Role
from hotline.rules.workflow import rows_of

SIGNERS = frozenset(Role(who) for row in rows_of(Action.SIGN) for who in row.who)


@dataclass(eq=False)
class NobodySigns(Conflict):
    """The unit that is chosen as lead has no active account that may sign; sent again with `confirmed`, it is done."""

    unit: str
    code = "nobody-signs"
    title = "该单位没有人能签收"
    way_out = "请改选单位；确需派给它的，请确认后再提交一次"
    message = "{unit}没有能签收的在用账号"
