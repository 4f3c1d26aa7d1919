"""New policies: within one working day of its registration there is an article that answers from it, or a reason why not."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.casework.knowledge import article_tasks
from hotline.casework.tickets import notices
from hotline.casework.tickets.units import unit_by_code
from hotline.context import Context
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.models.knowledge.policies import Policy
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState
from hotline.rules.knowledge.freshness import PolicyState, TaskKind, document_forms, document_key, policy_identity
from hotline.rules.messages.recipients import EDITORS
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, Duplicate, InvalidInput, UnknownThing
from hotline.rules.vocabulary import Role

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class NewPolicy:
    title: str
    published_on: date
    owner_unit: str
    document_number: str = ""
    issuing_body: str = ""
    source_url: str = ""
    level: str = "city"

    @property
    def identity(self) -> str:
        return policy_identity(self.document_number, self.title, self.published_on)


def register(ctx: Context, given: NewPolicy) -> Policy:
    """Starts its clock and tells the editors. Refuses `Duplicate` for a policy that is registered already."""
    check_role(ctx.actor, Role.EDITOR, "登记政策")
    if already_there(ctx.session, [given]):
        raise Duplicate("这份政策的登记")
    policy = _add(ctx, given)
    if policy.state is PolicyState.WAITING:
        _tell_editors(ctx, policy)
    return policy


def take_in(ctx: Context, given: NewPolicy) -> Policy:
    """A row of a file: its clock starts at the import; nobody is told of each, the ladder tells of what stays."""
    return _add(ctx.by(SYSTEM), given)


def already_there(session: Session, rows: Sequence[NewPolicy]) -> set[str]:
    """Which of these policies are registered, by what makes them the same."""
    wanted = [row.identity for row in rows]
    return set(session.scalars(select(Policy.identity).where(Policy.identity.in_(wanted))))


def _add(ctx: Context, given: NewPolicy) -> Policy:
    today = local(ctx.now).date()
    if given.published_on > today:
        raise InvalidInput({"/published_on": "公布日期在将来"})
    unit = unit_by_code(ctx.session, given.owner_unit, "/owner_unit", today)
    key = document_key(given.document_number)
    number = given.document_number if key else ""
    policy = Policy(**asdict(replace(given, document_number=number)), identity=given.identity, document_key=key)
    policy.state, policy.registered_at, policy.registered_by = PolicyState.WAITING, ctx.now, ctx.actor.staff_id
    ctx.session.add(policy)
    ctx.session.flush()
    place = (unit.id, unit.path)
    names = (f"policy:{policy.id}", number or f"政策{policy.id}", given.title)
    article_tasks.open_task(ctx, TaskKind.POLICY, *names, place, policy_id=policy.id)
    _settle(ctx, [policy])
    return policy


def _tell_editors(ctx: Context, policy: Policy) -> None:
    task = ctx.session.scalars(select(ArticleTask).where(ArticleTask.policy_id == policy.id)).one()
    people = notices.Directory.read(ctx.session).people(EDITORS, None) - {policy.registered_by}
    event = notices.Event(f"policy:{policy.id}:registered", "policy_registered", ctx.now, {})
    rows = notices.of_task(ctx, people, task, event)
    notices.enqueue(ctx.session, rows)


@dataclass(frozen=True, slots=True)
class Link:
    article: str


def link(ctx: Context, policy_id: int, given: Link) -> Policy:
    """This article answers from the policy: met now where it is published, otherwise when it is."""
    check_role(ctx.actor, Role.EDITOR, "关联文章")
    article = ctx.session.scalar(select(Article).where(Article.code == given.article).with_for_update())
    if article is None:
        raise InvalidInput({"/article": f"没有代码为“{given.article}”的文章"})
    policy = _waiting(ctx.session, policy_id)
    policy.article_id = article.id
    ctx.session.flush()
    _settle(ctx, [policy])
    return policy


@dataclass(frozen=True, slots=True)
class NotNeeded:
    text: str


def set_aside(ctx: Context, policy_id: int, given: NotNeeded) -> Policy:
    """No article is needed, for a reason that is kept."""
    check_role(ctx.actor, Role.EDITOR, "登记无需文章")
    policy = _waiting(ctx.session, policy_id)
    policy.state, policy.reason = PolicyState.NOT_NEEDED, given.text
    _close(ctx, policy, ctx.now)
    return policy


def answered_by(ctx: Context, article: Article) -> None:
    """After a publication: the policies that waited for this article, by their document number or by a link."""
    version = ctx.session.get_one(ArticleVersion, article.current_version_id)
    key = document_key(version.document_number)
    same = or_(Policy.article_id == article.id, Policy.document_key == key) if key else Policy.article_id == article.id
    query = select(Policy).where(Policy.state == PolicyState.WAITING, same).order_by(Policy.id).with_for_update()
    _settle(ctx, ctx.session.scalars(query).all())


def settle_waiting(ctx: Context, after: int) -> int | None:
    """One batch of waiting policies, in the order of their ids, that an article from a file may have answered meanwhile.

    Answers the last id looked at, None when there was none; what others hold is passed by.
    """
    query = select(Policy).where(Policy.state == PolicyState.WAITING, Policy.id > after).order_by(Policy.id)
    policies = ctx.session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    _settle(ctx.by(SYSTEM), policies)
    return policies[-1].id if policies else None


def _waiting(session: Session, policy_id: int) -> Policy:
    policy = session.scalar(select(Policy).where(Policy.id == policy_id).with_for_update())
    if policy is None:
        raise UnknownThing("这份政策")
    if policy.state is not PolicyState.WAITING:
        raise ConditionUnmet(f"这份政策{policy.state.label}")
    return policy


def _settle(ctx: Context, policies: Sequence[Policy]) -> None:
    """Closes those for which there is a published article, at the instant of its publication."""
    by_key, by_article = _published(ctx.session, policies)
    for policy in policies:
        found = by_article.get(policy.article_id) if policy.article_id else by_key.get(policy.document_key)
        if found:
            policy.article_id, published_at = found
            policy.state = PolicyState.ANSWERED
            _close(ctx, policy, published_at)


Found = tuple[int, datetime]


def _published(session: Session, policies: Iterable[Policy]) -> tuple[dict[str, Found], dict[int | None, Found]]:
    """(article, when published) by document number and by article, of what these policies may be answered from."""
    numbers = {form for policy in policies if policy.document_key for form in document_forms(policy.document_number)}
    linked = {policy.article_id for policy in policies if policy.article_id}
    query = select(Article.id, ArticleVersion.document_number, ArticleVersion.published_at)
    query = query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    query = query.where(Article.state == ArticleState.PUBLISHED).order_by(ArticleVersion.published_at.desc())
    rows = session.execute(query.where(or_(ArticleVersion.document_number.in_(numbers), Article.id.in_(linked)))).all()
    by_key = {key: (id, at) for id, number, at in rows if (key := document_key(number))}
    return by_key, {id: (id, at) for id, _, at in rows}


def _close(ctx: Context, policy: Policy, at: datetime) -> None:
    policy.settled_at, policy.settled_by = max(at, policy.registered_at), ctx.actor.staff_id
    task = article_tasks.locked(ctx.session, policy_id=policy.id)
    article_tasks.close(ctx, [task], at)
