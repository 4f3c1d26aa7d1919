"""Imports of files: the states that one passes through."""

from hotline.rules.vocabulary import Word


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
