"""The demonstration's knowledge base at work: policies without an article, one of them late, and errors that were reported."""

from collections.abc import Mapping

from sqlalchemy import select

from hotline.casework import article_errors, policies
from hotline.casework.article_errors import Finding, Reported
from hotline.casework.policies import NewPolicy
from hotline.demo_walk import Day
from hotline.office import Office
from hotline.records.articles import Article
from hotline.rules.actors import Actor
from hotline.rules.freshness import ErrorKind
from hotline.rules.working_calendar import local

# (days ago, title, document number, owner unit)
POLICIES = (
    (3, "小微企业首贷贴息办法（演示）", "襄金发〔演示〕3号", "local-finance"),
    (0, "企业冬季用热补贴实施办法（演示）", "襄政办发〔演示〕12号", "market-supervision"),
)
# (days ago, which article of the list, kind, text, whether it was found true)
ERRORS = (
    (2, 3, ErrorKind.OUTDATED, "办理时限已经缩短，文中仍是旧的天数。", True),
    (0, 6, ErrorKind.UNCLEAR, "没有写明分公司是否适用。", None),
)


class Knowledge:
    """`go` registers and reports; every instant is one of the day's."""

    def __init__(self, office: Office, people: Mapping[str, Actor], day: Day) -> None:
        self.office, self.people, self.day = office, people, day

    def go(self) -> None:
        for days, title, number, unit in POLICIES:
            with self.office.deed(self.day.back(days, 9)) as work:
                given = NewPolicy(title, local(work.now).date(), unit, number, "襄阳市人民政府办公室")
                editor = self.people["editor"]
                policies.register(work.session, given, actor=editor, now=work.now, rulebook=work.rulebook)
        for days, position, kind, text, true in ERRORS:
            self._report(days, position, Reported(kind, text), true)

    def _report(self, days: int, position: int, given: Reported, true: bool | None) -> None:
        with self.office.deed(self.day.back(days, 9)) as work:
            codes = work.session.scalars(select(Article.code).where(Article.section == "policy").order_by(Article.code))
            code = codes.all()[position]
            operator = self.people["operator"]
            error = article_errors.report(
                work.session, code, given, actor=operator, now=work.now, rulebook=work.rulebook
            )
        if true is not None:
            with self.office.deed(self.day.back(days, 11)) as work:
                found, editor = Finding(true, "已与责任单位核对"), self.people["editor"]
                article_errors.decide(work.session, error.id, found, actor=editor, now=work.now, rulebook=work.rulebook)
