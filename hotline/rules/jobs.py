"""The jobs of the timetable, by their names and in words, and what the job of cleaning up still keeps."""

from dataclasses import dataclass

from hotline.rules.vocabulary import Word


class JobName(Word):
    RESUME = "resume", "恢复到期的挂起"
    FRESHNESS = "freshness", "知识时效"
    ESCALATE = "escalate", "预警升级"
    DELIVER = "deliver", "发送消息"
    INDEX_ARTICLES = "index_articles", "知识索引"
    ARCHIVE = "archive", "归档"
    HOT_TOPICS = "hot_topics", "热点发现"
    RECOUNT = "recount", "重算期限"
    IMPORTS = "imports", "批量导入"
    TIDY = "tidy", "清理"


def name_of(job: str) -> str:
    """The job in words; one that the timetable does not know any more goes by its own name."""
    return JobName(job).label if job in set(JobName) else job


@dataclass(frozen=True, slots=True)
class CleanupRules:
    """Days for which wrong tries and the like, kept answers, sessions that ended, and what imports leave stay in the database."""

    tries_days: int
    idempotency_days: int
    sessions_days: int
    import_drafts_days: int
    import_rows_days: int
