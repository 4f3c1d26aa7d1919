"""What people type finds what they mean, on both engines, and nothing that they may not read."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from hotline.app_context import AppContext
from hotline.casework.knowledge.indexing import index, index_stale
from hotline.models.knowledge.article_index import ArticleIndex, SearchPosting, SearchWord
from hotline.models.knowledge.articles import Article, ArticleVersion, version_in_force
from hotline.queries.knowledge import knowledge_search
from hotline.rules.actors import VISITOR
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.knowledge.article import ArticleState
from hotline.rules.knowledge.validity import in_force
from tests.support.cast import Cast

NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)
TODAY = NOW.date()


def write(app_context: AppContext, code: str, title: str, body: str = "正文。", **more: object) -> None:
    """Publishes an article as the knowledge base holds it; `more` are columns of the version or of the article."""
    with app_context.transaction(NOW) as ctx:
        of_article = {"state": ArticleState.PUBLISHED, "section": "policy"}
        of_article |= {name: more.pop(name) for name in list(more) if name in of_article}
        article = Article(code=code, review_state="confirmed", source_hash="", **of_article)
        ctx.session.add(article)
        ctx.session.flush()
        known: dict[str, object] = {"title": title, "body": body, "questions": [], "keywords": [], "version": 1}
        known |= dict.fromkeys(("policy_title", "document_number", "issuing_body", "source_url", "applies_to"), "")
        known |= {"category": "licensing-delay", "owner_unit": "tax", "level": "city", "visibility": "public"}
        known |= {"effective_from": date(2020, 1, 1), "effective_to": None, "next_review_on": date(2027, 1, 1)}
        known |= {"change_note": "", "published_at": NOW, **more}
        version = ArticleVersion(article_id=article.id, **known)
        ctx.session.add(version)
        ctx.session.flush()
        article.current_version_id = version.id
        index(ctx.session, [version])


def found(app_context: AppContext, text: str | None, actor: object = None, **asked: object) -> list[str]:
    with app_context.snapshot(NOW) as ctx:
        return [item["code"] for item in knowledge_search.search(ctx.by(actor or VISITOR).at(NOW), text, **asked)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [
        "船舶国籍证书变更",
        "船舶國籍證書",
        "ｃｂｇｊ",
        "cbgj",
        "chuanboguoji",
        "chuanbo guoji",
        "cuanboguoji",
        "船泊国籍",
        "船舶国藉",
        "传播国际证书变跟",
        "船 舶 国 籍 ！！",
        "我的船舶国籍证书要怎么变更呢？",
    ],
)
def test_an_article_is_found_however_it_is_typed(app_context: AppContext, typed: str) -> None:
    write(app_context, "vessels", "船舶国籍证书变更登记", "带上材料到窗口。")
    assert found(app_context, typed)[0] == "vessels"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("GB/T 39735", "standard"),
        ("gbt39735", "standard"),
        ("ＧＢ／Ｔ３９７３５－２０２０", "standard"),
        ("〔2031〕153号", "notice"),
        ("襄政办发[2031]153号", "notice"),
        ("2031年153号", "notice"),
    ],
)
def test_a_number_finds_its_document_and_no_other(app_context: AppContext, typed: str, code: str) -> None:
    write(app_context, "standard", "热线服务规范", "按照 GB/T 39735-2020 执行。")
    write(app_context, "other-standard", "热线数据规范", "按照 GB/T 39736-2020 执行。")
    write(app_context, "notice", "用热补贴通知", document_number="襄政办发〔2031〕153号")
    write(app_context, "other-notice", "用气补贴通知", document_number="襄政办发〔2031〕154号")
    assert found(app_context, typed)[0] == code


def test_callers_words_find_officials_words(app_context: AppContext) -> None:
    write(app_context, "wages", "用人单位未按时支付劳动报酬的处理", "向劳动保障监察机构投诉。")
    assert "wages" in found(app_context, "老板欠薪")[:3]


def test_the_title_comes_before_the_body_and_two_characters_are_a_word(app_context: AppContext) -> None:
    write(app_context, "in-the-body", "窗口服务时间", "转供电，转供电，转供电，转供电，转供电。")
    write(app_context, "in-the-title", "转供电加价怎么投诉", "拨打热线。")
    assert found(app_context, "转供电")[:2] == ["in-the-title", "in-the-body"]


def test_what_is_not_in_force_is_found_only_when_asked_for_and_then_comes_last(app_context: AppContext) -> None:
    write(app_context, "expired", "冬季用热补贴", effective_to=date(2026, 11, 23))
    write(app_context, "to-come", "冬季用热补贴明年办法", effective_from=date(2027, 1, 1))
    write(app_context, "holds", "冬季取暖用热补贴的领取办法和有关说明")
    assert not {"expired", "to-come"} & set(found(app_context, "冬季用热补贴"))
    with app_context.snapshot(NOW) as ctx:
        everything = knowledge_search.search(ctx.by(VISITOR).at(NOW), "冬季用热补贴", expired=True)
    assert {"holds", "expired", "to-come"} <= {item["code"] for item in everything}
    states = [item["in_force"] for item in everything]
    assert states == sorted(states, reverse=True)
    assert {item["code"] for item in everything if item["warning"] and not item["in_force"]} >= {"expired", "to-come"}
    assert found(app_context, "冬季用热补贴", on=date(2026, 11, 23))[0] == "expired"
    with app_context.snapshot(NOW) as ctx:
        held = {row.id for row in ctx.session.scalars(select(ArticleVersion).where(version_in_force(TODAY)))}
        rows = ctx.session.scalars(select(ArticleVersion)).all()
        assert held == {row.id for row in rows if in_force(row.effective_from, row.effective_to, TODAY)}


def test_filters_narrow_what_is_found(app_context: AppContext) -> None:
    write(app_context, "here", "用水报装时限", owner_unit="water-supply", level="county", section="legal")
    write(app_context, "there", "用水报装时限说明")
    assert found(app_context, "用水报装", unit="water-supply") == ["here"]
    assert found(app_context, "用水报装", level="county") == ["here"]
    assert found(app_context, "用水报装", section="legal") == ["here"]
    assert "here" in found(app_context, None, unit="water-supply") and "there" not in found(
        app_context, None, section="legal"
    )


def test_hits_are_marked_where_they_stand_together(app_context: AppContext) -> None:
    write(
        app_context,
        "long",
        "供电服务",
        "前言。" * 100 + "企业申请鲲鹏专用线路的，十五个工作日内办结。" + "后记。" * 100,
    )
    with app_context.snapshot(NOW) as ctx:
        item = knowledge_search.search(ctx.by(VISITOR).at(NOW), "鲲鹏专用线路几天")[0]
    assert item["code"] == "long"
    assert "鲲鹏" in "".join(part["text"] for part in item["snippet"] if part["hit"])
    assert len("".join(part["text"] for part in item["snippet"])) <= 122


def test_a_new_version_is_found_by_its_own_words_and_counts_stay_true(app_context: AppContext) -> None:
    write(app_context, "changing", "鲲鹏扶持办法", "第一版。")
    with app_context.transaction(NOW) as ctx:
        article = ctx.session.scalars(select(Article).where(Article.code == "changing")).one()
        ctx.session.execute(
            update(ArticleVersion).where(ArticleVersion.article_id == article.id).values(title="麒麟扶持办法")
        )
        ctx.session.expire_all()
        version = ctx.session.get_one(ArticleVersion, article.current_version_id)
        index(ctx.session, [version])
    assert found(app_context, "麒麟") == ["changing"] and found(app_context, "鲲鹏") == []
    with app_context.snapshot(NOW) as ctx:
        held = select(SearchPosting.word_id, func.count().label("held")).group_by(SearchPosting.word_id).subquery()
        query = select(SearchWord.word, SearchWord.articles, func.coalesce(held.c.held, 0))
        rows = ctx.session.execute(query.outerjoin(held, held.c.word_id == SearchWord.id)).all()
        total = ctx.session.scalar(select(func.count(ArticleIndex.article_id)))
        assert all(counted == (total if word == "" else found) for word, counted, found in rows)


def test_what_other_words_indexed_is_indexed_again(app_context: AppContext) -> None:
    write(app_context, "old", "旧词典收录的文章")
    with app_context.transaction(NOW) as ctx:
        ctx.session.execute(update(ArticleIndex).values(lexicon="another"))
        total = ctx.session.scalar(select(func.count(ArticleIndex.article_id))) or 0
        assert index_stale(ctx.session, limit=1000) == total
        assert index_stale(ctx.session) == 0
    assert found(app_context, "旧词典")[0] == "old"


TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="营业执照变更补贴秘密内部 %_'\"\\*():;-^~#〔2020〕53号gbtyz\0\n", max_size=80),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, expired=st.booleans(), who=st.sampled_from(["operator", "editor", "nobody"]))
def test_no_text_raises_or_finds_what_must_not_be_read(
    app_context: AppContext, cast: Cast, text: str, expired: bool, who: str
) -> None:
    with app_context.snapshot(NOW) as ctx:
        known = set(ctx.session.scalars(select(Article.code).where(Article.code.in_(HIDDEN))))
    if not known:
        write(app_context, "suspended", "营业执照变更补贴秘密", state=ArticleState.SUSPENDED)
        write(app_context, "withdrawn", "营业执照变更补贴秘密", state=ArticleState.WITHDRAWN)
        write(app_context, "internal", "营业执照变更补贴秘密", visibility="internal")
        write(app_context, "for-staff", "营业执照变更补贴秘密", visibility="staff")
        write(app_context, "expired", "营业执照变更补贴秘密", effective_to=date(2021, 1, 1))
    actor = None if who == "nobody" else getattr(cast, who)
    codes = set(found(app_context, text, actor, expired=expired, limit=100))
    assert not codes & {"suspended", "withdrawn"}
    assert expired or "expired" not in codes
    assert who == "editor" or "internal" not in codes
    assert who != "nobody" or "for-staff" not in codes


HIDDEN = ("suspended", "withdrawn", "internal", "for-staff", "expired")
