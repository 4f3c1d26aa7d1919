"""The demonstration's knowledge base at work: policies without an article, one of them late, errors that were reported, what
is read and sought in vain, and an article that was changed in the pages and in its file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.app_context import AppContext
from hotline.casework.knowledge import article_errors, article_use, drafting, empty_searches, policies
from hotline.casework.knowledge.article_errors import Finding, Reported
from hotline.casework.knowledge.article_loading import Incoming, load_batch
from hotline.casework.knowledge.article_source import Source, hash_of
from hotline.casework.knowledge.drafting import Saving, Verdict, content_of
from hotline.casework.knowledge.policies import NewPolicy
from hotline.demo.walk import Day
from hotline.models.knowledge.articles import Article
from hotline.rules.actors import VISITOR, Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article_use import Use
from hotline.rules.knowledge.freshness import ErrorKind

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


# (which article of the list, how often it was opened, what its readers said of it: whether it helped)
READ = ((0, 9, (True, True)), (1, 6, (True, False, False)), (2, 4, ()))
SOUGHT_IN_VAIN = (("充电桩建设补助", 3), ("外籍员工工作许可", 1))
IN_DISPUTE = 4
"""Which article of the list was changed in the pages, and then in its file as well."""


class Knowledge:
    """`go` registers and reports, reads and searches; every instant is one of the day's."""

    def __init__(self, app_context: AppContext, people: Mapping[str, Actor], day: Day) -> None:
        self.app_context, self.people, self.day = app_context, people, day

    def go(self) -> None:
        for days, title, number, unit in POLICIES:
            with self.app_context.transaction(self.day.back(days, 9)) as ctx:
                policy = NewPolicy(title, local(ctx.now).date(), unit, number, "襄阳市人民政府办公室")
                editor = self.people["editor"]
                policies.register(ctx.by(editor), policy)
        for days, position, kind, text, true in ERRORS:
            self._report(days, position, Reported(kind, text), true)
        self._read()
        self._change_twice()

    def _read(self) -> None:
        with self.app_context.transaction(self.day.back(0, 9)) as ctx:
            codes = _codes(ctx.session)
            for position, times, said in READ:
                for use in (Use.SHOWN, *[Use.OPENED] * times):
                    article_use.count(ctx.by(VISITOR), use, [codes[position]])
                for number, solved in enumerate(said):
                    visitor = f"address:192.0.2.{number}"
                    article_use.vote(ctx.by(VISITOR), codes[position], solved, visitor=visitor)
            for text, times in SOUGHT_IN_VAIN:
                for _ in range(times):
                    empty_searches.remember(ctx, text)

    def _change_twice(self) -> None:
        """An article that was revised in the pages comes changed in its file, too: a person settles it."""
        with self.app_context.transaction(self.day.back(1, 9)) as ctx:
            code = _codes(ctx.session)[IN_DISPUTE]
            editor, second = self.people["editor"], self.people["second-editor"]
            before = content_of(drafting.revise(ctx.by(editor), code).content)
            ours = replace(before, body=f"{before.body}\n\n（演示）窗口电话已更新。", change_note="更新窗口电话")
            drafting.save(ctx.by(editor), code, Saving(ours, 1))
            drafting.submit(ctx.by(editor), code)
            drafting.decide(ctx.by(second), code, Verdict(True, "已核对"))
            theirs = replace(
                before, body=f"{before.body}\n\n（演示）办理地点改为市民中心二楼。", change_note="更新地点"
            )
            source = Source("policy", code, {}, theirs.body, f"policy/{code}.md")
            load_batch(ctx, [Incoming(source, theirs, hash_of(theirs))])

    def _report(self, days: int, position: int, given: Reported, true: bool | None) -> None:
        with self.app_context.transaction(self.day.back(days, 9)) as ctx:
            code = _codes(ctx.session)[position]
            operator = self.people["operator"]
            error = article_errors.report(ctx.by(operator), code, given)
        if true is not None:
            with self.app_context.transaction(self.day.back(days, 11)) as ctx:
                found, editor = Finding(true, "已与责任单位核对"), self.people["editor"]
                article_errors.decide(ctx.by(editor), error.id, found)


def _codes(session: Session) -> Sequence[str]:
    return session.scalars(select(Article.code).where(Article.section == "policy").order_by(Article.code)).all()
