"""Imports of files: the states that one passes through, and what may be done in each."""

from hotline.rules.actors import Actor
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Role, Word


class ImportState(Word):
    """`draft` is uploaded and not yet confirmed; `waiting` and `running` belong to the job; the others are final."""

    DRAFT = "draft", "待确认"
    WAITING = "waiting", "等待导入"
    RUNNING = "running", "正在导入"
    DONE = "done", "已完成"
    FAILED = "failed", "未能完成"
    CANCELLED = "cancelled", "已取消"


UNFINISHED = frozenset({ImportState.WAITING, ImportState.RUNNING})
FINAL = frozenset({ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED})


def check_imports(actor: Actor) -> None:
    """Refuse `RoleMissing` to everybody but a supervisor: a file names persons."""
    check_role(actor, Role.SUPERVISOR, "批量导入")


def check_draft(state: ImportState) -> None:
    """Refuse `ConditionUnmet` for an import whose rows are being taken in, or were."""
    if state is not ImportState.DRAFT:
        raise ConditionUnmet(f"这次导入{state.label}，不能再改")


def check_cancels(state: ImportState) -> None:
    """Refuse `ConditionUnmet` for an import that has ended."""
    if state in FINAL:
        raise ConditionUnmet(f"这次导入{state.label}，不能取消")
