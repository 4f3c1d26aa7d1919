"""Articles written in the pages: a draft beside what is published, reviewed by another person, published as a version."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.knowledge import article_errors, freshness
from hotline.casework.knowledge.publication import add_version
from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.models.knowledge.articles import Article, ArticleDraft, ArticleEvent, ArticleVersion
from hotline.rules.knowledge.article import ArticleState, ArticleStep, DraftState, Visibility, check_dates, step
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, Duplicate, InvalidInput, OwnWork, Stale, UnknownThing
from hotline.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Content:
    """All that a version says, by the names of its columns."""

    title: str
    body: str
    category: str
    owner_unit: str
    effective_from: date
    next_review_on: date
    change_note: str
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    policy_title: str = ""
    document_number: str = ""
    issuing_body: str = ""
    source_url: str = ""
    level: str = "city"
    applies_to: str = ""
    effective_to: date | None = None
    visibility: Visibility = Visibility.PUBLIC

    def stored(self) -> dict[str, Any]:
        """As JSON: dates as text, tuples as lists."""
        return {field.name: _stored(getattr(self, field.name)) for field in fields(self)}


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value


def content_of(stored: dict[str, Any]) -> Content:
    """What `stored` has kept."""
    values = dict(stored)
    for name in ("effective_from", "effective_to", "next_review_on"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["questions"], values["keywords"] = tuple(values["questions"]), tuple(values["keywords"])
    return Content(**{**values, "visibility": Visibility(values["visibility"])})


def content_of_version(version: ArticleVersion) -> Content:
    """What a published version says."""
    values = {field.name: getattr(version, field.name) for field in fields(Content)}
    values |= {"questions": tuple(version.questions), "keywords": tuple(version.keywords)}
    return Content(**{**values, "visibility": Visibility(version.visibility)})


def version_of(content: Content) -> ArticleVersion:
    """A version that says this, not yet published."""
    version = ArticleVersion(**{field.name: getattr(content, field.name) for field in fields(Content)})
    version.questions, version.keywords = list(content.questions), list(content.keywords)
    version.visibility = str(content.visibility)
    return version


@dataclass(frozen=True, slots=True)
class NewArticle:
    code: str
    section: str
    content: Content


def create(ctx: Context, given: NewArticle) -> ArticleDraft:
    """A new article, of which nobody reads anything before it is published; refuses a code that is taken."""
    check_role(ctx.actor, Role.EDITOR, "编写知识")
    return add_article(ctx, given)


def add_article(ctx: Context, given: NewArticle) -> ArticleDraft:
    """The article and its first draft, whoever may have it; refuses a code that is taken."""
    if ctx.session.scalar(select(Article.id).where(Article.code == given.code)) is not None:
        raise Duplicate(f"代码为“{given.code}”的文章")
    _check(ctx.session, given.content)
    article = Article(code=given.code, section=given.section, state=ArticleState.NEW, source_hash="", edited=True)
    article.review_state = "confirmed"
    ctx.session.add(article)
    ctx.session.flush()
    return add_draft(ctx, article, given.content, 0)


def revise(ctx: Context, code: str) -> ArticleDraft:
    """A draft beside the published version, beginning with its words; what is published stays. Refuses a second draft."""
    check_role(ctx.actor, Role.EDITOR, "修订知识")
    article = article_by_code(ctx.session, code)
    if article.current_version_id is None or draft_of(ctx.session, article) is not None:
        raise Duplicate("这篇文章的草稿")
    version = ctx.session.get_one(ArticleVersion, article.current_version_id)
    content = replace(content_of_version(version), change_note="")
    return add_draft(ctx, article, content, version.version)


def add_draft(ctx: Context, article: Article, content: Content, based_on: int) -> ArticleDraft:
    """What is being written beside the version `based_on`; the actor is its author."""
    assert ctx.actor.staff_id is not None, "an editor is a member of staff"
    draft = ArticleDraft(
        article_id=article.id,
        state=DraftState.DRAFT,
        content=content.stored(),
        based_on=based_on,
        written_by=ctx.actor.staff_id,
        written_at=ctx.now,
        version=1,
    )
    ctx.session.add(draft)
    note(ctx, article, "drafted", "")
    return draft


@dataclass(frozen=True, slots=True)
class Saving:
    content: Content
    version: int


def save(ctx: Context, code: str, given: Saving) -> ArticleDraft:
    """Whoever saves last is its author. Refuses `Stale` when somebody else saved meanwhile, and what is in review."""
    check_role(ctx.actor, Role.EDITOR, "编写知识")
    _, draft = _open(ctx.session, code, DraftState.DRAFT)
    if given.version != draft.version:
        raise Stale(())
    _check(ctx.session, given.content)
    assert ctx.actor.staff_id is not None, "an editor is a member of staff"
    draft.content, draft.version = given.content.stored(), draft.version + 1
    draft.written_by, draft.written_at = ctx.actor.staff_id, ctx.now
    ctx.session.flush()
    return draft


def submit(ctx: Context, code: str) -> ArticleDraft:
    """To be reviewed by another person; says what changed."""
    check_role(ctx.actor, Role.EDITOR, "提交审核")
    article, draft = _open(ctx.session, code, DraftState.DRAFT)
    content = content_of(draft.content)
    if not content.change_note:
        raise InvalidInput({"/change_note": "请写明这一版改了什么"})
    _check(ctx.session, content)
    draft.state = DraftState.IN_REVIEW
    note(ctx, article, "submitted", content.change_note)
    return draft


@dataclass(frozen=True, slots=True)
class Verdict:
    approve: bool
    text: str


def decide(ctx: Context, code: str, given: Verdict) -> Article:
    """Published as a version, or back to its author. Refuses `OwnWork` to the author."""
    check_role(ctx.actor, Role.EDITOR, "审核知识")
    article, draft = _open(ctx.session, code, DraftState.IN_REVIEW)
    if ctx.actor.staff_id == draft.written_by:
        raise OwnWork("审核")
    if not given.approve:
        draft.state = DraftState.DRAFT
        note(ctx, article, "sent_back", given.text)
        return article
    content = content_of(draft.content)
    _check(ctx.session, content)
    version = version_of(content)
    version.written_by, version.reviewed_by = draft.written_by, ctx.actor.staff_id
    article.state, article.edited, article.review_state = ArticleState.PUBLISHED, True, "confirmed"
    ctx.session.delete(draft)
    add_version(ctx, article, version)
    note(ctx, article, "published", given.text)
    freshness.after_publication(ctx, article)
    return article


@dataclass(frozen=True, slots=True)
class Why:
    text: str


def take(ctx: Context, code: str, taken: ArticleStep, given: Why) -> Article:
    """Suspended at once, restored, or taken down for good; with a reason."""
    check_role(ctx.actor, Role.EDITOR, taken.label)
    article = article_by_code(ctx.session, code)
    if taken is ArticleStep.RESTORE:
        article_errors.check_restore(ctx, article)
    article.state, article.edited = step(article.state, taken), True
    note(ctx, article, str(taken), given.text)
    if taken is ArticleStep.WITHDRAW:
        freshness.after_withdrawal(ctx, article)
    return article


def _check(session: Session, content: Content) -> None:
    check_dates(content.effective_from, content.effective_to, content.next_review_on)
    if session.scalar(select(Category.id).where(Category.code == content.category)) is None:
        raise InvalidInput({"/category": f"没有“{content.category}”这个类别"})
    if session.scalar(select(Unit.id).where(Unit.code == content.owner_unit, Unit.closed_on.is_(None))) is None:
        raise InvalidInput({"/owner_unit": f"没有代码为“{content.owner_unit}”的单位"})


def article_by_code(session: Session, code: str) -> Article:
    """The locked article; refuses `UnknownThing`."""
    article = session.scalar(select(Article).where(Article.code == code).with_for_update())
    if article is None:
        raise UnknownThing("这篇知识文章")
    return article


def draft_of(session: Session, article: Article) -> ArticleDraft | None:
    """What is being written beside this article."""
    return session.scalar(select(ArticleDraft).where(ArticleDraft.article_id == article.id))


def _open(session: Session, code: str, state: DraftState) -> tuple[Article, ArticleDraft]:
    article = article_by_code(session, code)
    draft = draft_of(session, article)
    if draft is None:
        raise UnknownThing("这篇文章的草稿")
    if draft.state is not state:
        raise ConditionUnmet(f"草稿现在是“{draft.state.label}”，须在“{state.label}”时办理")
    return article, draft


def note(ctx: Context, article: Article, what: str, text: str) -> None:
    """What was done to the article, by whom and why."""
    ctx.session.add(ArticleEvent(article_id=article.id, what=what, at=ctx.now, by=ctx.actor.staff_id, text=text))
    ctx.session.flush()
