"""The whole base out into files and in again: the same bytes, nothing lost, nothing overwritten, what is wrong named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import article_source, load_all
from hotline.casework.knowledge.article_loading import Incoming, load_batch
from hotline.casework.knowledge.article_source import Source, content_of_source, hash_of
from hotline.casework.knowledge.drafting import Content, version_of
from hotline.models.database import migrate
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.queries.knowledge import knowledge_search
from hotline.queries.knowledge.article_export import Exported
from hotline.rules.actors import VISITOR
from hotline.rules.knowledge.article import Visibility
from hotline.settings.config_files import resource
from hotline.text.formulas import guarded, unguarded
from hotline.transfer import export_articles
from hotline.transfer.import_articles import Outcome, import_articles
from tests.commands.command import hotline
from tests.conftest import settings_for

NASTY = (
    "a: b", "=1+1", "+86", "-列表", "@x", "'已有撇号", "110", "yes", "null", "~", "2026-01-01", "“引号”'\"", "# 井号 #",
    "😀 表情", "---", "[x]", "{y}", "&锚", "*星", "!标签", "%d", "`码`", "两行\n---\n之间", "a\tb", "1e3", "_x0041_",
    "\u2028行",
)  # fmt: skip
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)
WORDS = st.one_of(st.sampled_from(NASTY), PLAIN)
LINES = st.lists(WORDS, max_size=6).map("\n".join)


def content(**changes: Any) -> Content:
    known: dict[str, Any] = {
        "title": "企业冬季用热补贴怎么领",
        "body": "每平方米补贴**三元**。",
        "category": "licensing-delay",
        "owner_unit": "market-supervision",
        "effective_from": date(2026, 11, 24),
        "next_review_on": date(2027, 1, 31),
        "change_note": "首次收录",
    }
    return Content(**{**known, **changes})


@st.composite
def contents(draw: Callable[..., Any]) -> Content:
    """As the forms leave them: trimmed, questions and keywords in one line each and different."""

    def words(longest: int, text: Any = WORDS) -> str:
        return str(draw(text)).strip()[:longest].strip()

    def items() -> tuple[str, ...]:
        found = [" ".join(item.split()) for item in draw(st.lists(WORDS, max_size=4))]
        return tuple(dict.fromkeys(item for item in found if item))

    until = draw(st.one_of(st.none(), st.dates(date(2027, 2, 1), date(2030, 1, 1))))
    return content(
        title=words(200) or "标题",
        body=words(50_000, LINES) or "正文",
        questions=items(),
        keywords=items(),
        policy_title=words(200),
        document_number=words(80),
        applies_to=words(400, LINES),
        change_note=words(400) or "改",
        effective_to=until,
        visibility=draw(st.sampled_from(Visibility)),
    )


def exported_from(said: Content, **more: Any) -> Exported:
    version = version_of(said)
    matter = {name: getattr(version, name) for name in export_articles.SAID if name != "body"}
    return Exported("policy", "an-article", {**matter, "review_state": "confirmed", **more}, said.body)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents())
def test_whatever_an_article_says_comes_back_from_markdown(tmp_path: Path, said: Content) -> None:
    out = exported_from(said)
    path = tmp_path / out.path
    path.parent.mkdir(exist_ok=True)
    path.write_text(out.markdown(), encoding="utf-8", newline="\n")
    back = content_of_source(article_source(path))
    assert back == said
    assert exported_from(back).markdown() == out.markdown()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(contents(), min_size=1, max_size=4))
def test_whatever_articles_say_comes_back_from_a_sheet(tmp_path: Path, said: list[Content]) -> None:
    rows = [exported_from(one) for one in said]
    with (tmp_path / "all.xlsx").open("wb") as file:
        export_articles.write_xlsx(
            file, "articles", export_articles.HEADER, (export_articles._row(row) for row in rows)
        )
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert [content_of_source(source) for source in export_articles.sheet_sources(tmp_path / "all.xlsx")] == said


@given(WORDS)
def test_no_cell_begins_a_formula_and_nothing_is_lost(text: str) -> None:
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguarded(guarded(text)) == text


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.md")}


def export(app_context: AppContext, folder: Path) -> dict[str, bytes]:
    with app_context.snapshot() as ctx:
        assert len(list(export_articles.write_folder(ctx.session, folder))) > 0
    return folder_bytes(folder)


def take_in(app_context: AppContext, path: Path, *, dry_run: bool = False) -> Outcome:
    return import_articles(app_context, path, dry_run=dry_run, progress=lambda done: None)


def entry(code: str, said: Content, state: str = "published") -> Incoming:
    return Incoming(Source("policy", code, {"state": state}, said.body, code), said, hash_of(said))


def add(app_context: AppContext, code: str, said: Content, state: str = "published") -> None:
    with app_context.transaction() as ctx:
        load_batch(ctx, [entry(code, said, state)])


def empty_base(url: str, folder: Path) -> AppContext:
    """Units and categories, and not one article."""
    migrate.upgrade(url)
    app_context = AppContext(settings_for(url, folder))
    (folder / "none").mkdir()
    with app_context.transaction() as ctx:
        load_all(ctx, resource("config"), folder / "none")
    return app_context


def test_out_into_an_empty_base_and_out_again_are_the_same_bytes(
    app_context: AppContext, empty_url: str, tmp_path: Path
) -> None:
    for number, words in enumerate(NASTY):
        said = content(title=words.strip(), questions=(" ".join(words.split()),), body=f"{words}\n\n{words}".strip())
        add(app_context, f"nasty-{number}", replace(said, document_number=words.strip(), applies_to=words.strip()))
    add(app_context, "gone", content(), "withdrawn")
    add(app_context, "longest", content(body="长" * 50_000))
    first = export(app_context, tmp_path / "first")
    other = empty_base(empty_url, tmp_path)
    try:
        outcome = take_in(other, tmp_path / "first")
        assert (outcome.report, outcome.bad) == ({"added": len(first)}, [])
        assert export(other, tmp_path / "second") == first
        with other.snapshot() as ctx:
            assert ctx.session.scalar(select(Article.state).where(Article.code == "gone")) == "withdrawn"
        assert take_in(other, tmp_path / "first").report == {"left": len(first)}
        # The sheet says the same as the files.
        with other.snapshot() as ctx, (tmp_path / "all.xlsx").open("wb") as file:
            export_articles.write_sheet(ctx.session, file)
        assert take_in(other, tmp_path / "all.xlsx").report == {"left": len(first)}
        packed = BytesIO()
        with other.snapshot() as ctx:
            export_articles.write_zip(ctx.session, packed)
        with ZipFile(packed) as opened:
            assert {name: opened.read(name) for name in opened.namelist()} == first
    finally:
        other.database.dispose()


def test_what_is_wrong_is_named_and_the_rest_goes_in(
    app_context: AppContext, database_url: str, tmp_path: Path
) -> None:
    good = exported_from(content())
    wrong = {
        "no-front-matter": "正文",
        "broken-front-matter": "---\ntitle: [\n---\n\n正文\n",
        "no-category": good.markdown().replace("licensing-delay", "nowhere"),
        "no-date": good.markdown().replace("2026-11-24", "someday"),
        "unknown-field": good.markdown().replace("issuing_body:", "issued_by:"),
        "no-body": good.markdown().replace(good.body, ""),
        "too-long": exported_from(content(title="长" * 201)).markdown(),
        "ends-before-it-begins": exported_from(content(effective_to=date(2026, 1, 1))).markdown(),
        "a-script": exported_from(content(source_url="javascript:alert(1)")).markdown(),
        "nobody-knows-who-reads": good.markdown().replace("visibility: public\n", ""),
        "Bad Name": good.markdown(),
    }
    for name, text in {**wrong, "good": good.markdown()}.items():
        path = tmp_path / "in" / "policy" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "in" / "policy" / "not-utf8.md").write_bytes("---\ntitle: 中文\n---\n".encode("gbk"))
    (tmp_path / "in" / "legal").mkdir()
    (tmp_path / "in" / "legal" / "good.md").write_text(good.markdown(), encoding="utf-8")
    dry = hotline("knowledge", "import", str(tmp_path / "in"), "--dry-run", url=database_url, data=tmp_path)
    told = hotline("knowledge", "import", str(tmp_path / "in"), url=database_url, data=tmp_path)
    assert (dry.returncode, told.returncode) == (1, 1)
    counted = f"新增1，变更0，未变0，冲突0，有误{len(wrong) + 2}"
    assert f"{counted}（仅检查，未写入）" in dry.stdout
    assert counted in told.stdout
    assert "Traceback" not in told.stderr
    for name in (*wrong, "not-utf8", "good"):
        assert f"policy/{name}.md" in told.stderr, name
    again = hotline("knowledge", "import", str(tmp_path / "in"), url=database_url, data=tmp_path)
    assert "新增0，变更0，未变1" in again.stdout


def test_the_commands_write_a_folder_and_a_sheet_and_bad_lines_are_named(
    app_context: AppContext, database_url: str, tmp_path: Path
) -> None:
    out = hotline("knowledge", "export", str(tmp_path / "out"), url=database_url, data=tmp_path)
    assert out.returncode == 0, out.stderr
    assert set(folder_bytes(tmp_path / "out")) == set(folder_bytes(resource("knowledge_base")))
    sheet = tmp_path / "all.xlsx"
    assert hotline("knowledge", "export", str(sheet), url=database_url, data=tmp_path).returncode == 0
    book = openpyxl.load_workbook(sheet)
    cells = {cell.value: cell.column for cell in book.active[1]}
    book.active.cell(2, cells["owner_unit"]).value = "nowhere"
    book.active.cell(3, cells["keywords"]).value = 12345
    book.active.cell(3, cells["effective_from"]).value = date(2020, 7, 1)
    book.active.cell(4, cells["code"]).value = "../../escape"
    book.save(sheet)
    told = hotline("knowledge", "import", str(sheet), url=database_url, data=tmp_path)
    assert "变更1" in told.stdout and "有误2" in told.stdout
    assert [line.split("：")[0] for line in told.stderr.splitlines()] == ["第2行", "第4行"]
    with app_context.snapshot() as ctx:
        query = select(ArticleVersion).join(Article, Article.current_version_id == ArticleVersion.id)
        version = ctx.session.scalars(query.where(ArticleVersion.version == 2)).one()
        assert (version.keywords, version.effective_from) == (["12345"], date(2020, 7, 1))


@pytest.mark.parametrize("name", ["a-file", "no-folder/all.xlsx"])
def test_where_nothing_can_be_written_is_said_plainly(database_url: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file").write_text("in the way")
    told = hotline("knowledge", "export", str(tmp_path / name), url=database_url, data=tmp_path)
    assert told.returncode == 1 and "不能写入" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("name", ["nothing", "nothing.xlsx", "text.txt", "broken.xlsx"])
def test_what_holds_no_articles_is_refused_with_the_reason(database_url: str, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "nothing":
        path.mkdir()
    elif name != "nothing.xlsx":
        path.write_text("no sheet")
    told = hotline("knowledge", "import", str(path), url=database_url, data=tmp_path)
    assert told.returncode != 0 and told.stderr.strip()
    assert "Traceback" not in told.stderr


def test_questions_to_the_database_do_not_grow_with_the_base(app_context: AppContext) -> None:
    """Ten times the articles hardly ask more: words are looked up by the hundred. SQLite is handed each new row by itself."""
    asked: list[str] = []
    event.listen(app_context.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for size in (20, 200):
        entries = [entry(f"many-{size}-{number}", content(title=f"文章{number}")) for number in range(size)]
        asked.clear()
        with app_context.transaction() as ctx:
            assert load_batch(ctx, entries) == {"added": size}
        counts.append(len([statement for statement in asked if not statement.startswith("INSERT")]))
    assert counts[1] < 2 * counts[0] < 40


def test_an_imported_article_is_found(app_context: AppContext) -> None:
    add(app_context, "winter", content())
    with app_context.snapshot() as ctx:
        found = knowledge_search.search(ctx.by(VISITOR).at(clock.now()), "冬季用热补贴")
        assert found[0]["code"] == "winter"
