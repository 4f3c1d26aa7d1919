"""Changed in the pages and in a file: both are kept until a person settles which holds, and the same file asks once."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.settings.config_files import resource
from tests.api.knowledge.test_article_life import NOW
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

CODE = "company-opening"
ARTICLE = f"/knowledge/articles/{CODE}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "policy").mkdir(parents=True)
    return tmp_path / "in"


def load(app_context: AppContext, folder: Path, ending: str = "") -> dict[str, int]:
    """Loads the article's file with these words at its end."""
    text = (resource("knowledge_base") / "policy" / f"{CODE}.md").read_text(encoding="utf-8")
    (folder / "policy" / f"{CODE}.md").write_text(text.rstrip("\n") + ending + "\n", encoding="utf-8")
    with app_context.transaction(clock.now()) as ctx:
        return dict(load_all(ctx, resource("config"), folder)["articles"])


def revise(call: Calls, ending: str) -> None:
    """In the pages, published by another person."""
    call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
    draft(call, ending)
    publish(call)


def draft(call: Calls, ending: str) -> None:
    found = call.ok("editor", "GET", f"{ARTICLE}/desk")["draft"]
    said = {**found["content"], "change_note": "补充", "version": found["version"]}
    call.ok("editor", "POST", f"{ARTICLE}/actions/save", {**said, "body": said["body"] + ending})


def publish(call: Calls) -> None:
    call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
    call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})


def body(call: Calls) -> str:
    return str(call.ok("operator", "GET", ARTICLE)["body"])


def waiting(call: Calls) -> list[dict[str, Any]]:
    return list(call.ok("editor", "GET", "/knowledge/conflicts")["items"])


def test_ours_kept_and_the_same_file_asks_no_more(call: Calls, app_context: AppContext, folder: Path) -> None:
    with freeze_time(NOW):
        revise(call, "\n\n页面补充。")
        assert load(app_context, folder) == {"left": 1}
        assert load(app_context, folder, "\n\n文件补充。") == {"conflict": 1}
        assert load(app_context, folder, "\n\n文件补充。") == {"conflict": 1}
        (conflict,) = waiting(call)
        path = f"{ARTICLE}/conflicts/{conflict['id']}"
        found = call.ok("editor", "GET", path)
        assert [(line["sign"], line["text"]) for line in found["lines"] if line["sign"]] == [
            ("-", "页面补充。"),
            ("+", "文件补充。"),
        ]
        assert [field["name"] for field in found["fields"]] == ["change_note"]
        for who in ("operator", "handler", "administrator"):
            call.refused(who, "GET", path, 403)
            call.refused(who, "POST", f"{path}/actions/keep_ours", 403)
        assert "页面补充" in body(call)
        call.ok("editor", "POST", f"{path}/actions/keep_ours")
        call.refused("editor", "POST", f"{path}/actions/take_theirs", 404)
        assert waiting(call) == [] and "页面补充" in body(call)
        assert load(app_context, folder, "\n\n文件补充。") == {"left": 1}
        # Another state of the file is asked about again.
        assert load(app_context, folder, "\n\n文件另一处补充。") == {"conflict": 1}
        assert len(waiting(call)) == 1


def test_theirs_taken_becomes_a_draft_for_another_person(call: Calls, app_context: AppContext, folder: Path) -> None:
    with freeze_time(NOW):
        revise(call, "\n\n页面补充。")
        load(app_context, folder, "\n\n文件补充。")
        path = f"{ARTICLE}/conflicts/{waiting(call)[0]['id']}/actions/take_theirs"
        desk = call.ok("editor", "POST", path)
        assert desk["draft"]["content"]["body"].endswith("文件补充。") and desk["draft"]["based_on"] == 2
        assert [event["what"] for event in desk["events"]][:2] == ["起草", "与文件不一致，取用文件内容"]
        assert "页面补充" in body(call)
        call.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        call.refused("editor", "POST", f"{ARTICLE}/actions/decide", 403, {"approve": True})
        call.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
        assert body(call).endswith("文件补充。")
        # File and pages agree again: what only the file changes from here on needs nobody.
        assert load(app_context, folder, "\n\n文件补充。") == {"left": 1}
        assert load(app_context, folder, "\n\n文件补充。\n\n再补充。") == {"changed": 1}
        assert body(call).endswith("再补充。")


def test_a_draft_is_not_overtaken_by_a_file(call: Calls, app_context: AppContext, folder: Path) -> None:
    with freeze_time(NOW):
        call.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        draft(call, "\n\n草稿补充。")
        assert load(app_context, folder, "\n\n文件补充。") == {"conflict": 1}
        path = f"{ARTICLE}/conflicts/{waiting(call)[0]['id']}"
        assert call.ok("editor", "GET", path)["drafted"]
        refused = call.refused("editor", "POST", f"{path}/actions/take_theirs", 409)
        assert "草稿" in refused["detail"]
        assert len(waiting(call)) == 1
        publish(call)
        call.ok("editor", "POST", f"{path}/actions/take_theirs")


def test_what_was_suspended_by_hand_is_not_brought_back_by_a_file(
    call: Calls, app_context: AppContext, folder: Path
) -> None:
    with freeze_time(NOW):
        call.ok("editor", "POST", f"{ARTICLE}/actions/suspend", {"text": "有误"})
        assert load(app_context, folder) == {"left": 1}
        assert load(app_context, folder, "\n\n文件补充。") == {"conflict": 1}
        call.refused("operator", "GET", ARTICLE, 404)


def test_only_the_file_changed(call: Calls, app_context: AppContext, folder: Path) -> None:
    with freeze_time(NOW):
        before = body(call)
        assert load(app_context, folder, "\n\n文件补充。") == {"changed": 1}
        assert load(app_context, folder) == {"changed": 1}
        assert body(call) == before and waiting(call) == []
        assert [v["version"] for v in call.ok("operator", "GET", f"{ARTICLE}/versions")["items"]] == [3, 2, 1]


def test_through_the_pages(app: Flask, call: Calls, app_context: AppContext, folder: Path) -> None:
    with freeze_time(NOW):
        revise(call, "\n\n页面补充。")
        load(app_context, folder, "\n\n文件<b>补充。")
        editor = Browser(app, "editor")
        (conflict,) = waiting(call)
        page = f"/editing/{CODE}/conflicts/{conflict['id']}"
        assert page in editor.get("/editing").text
        seen = editor.get(page).text
        assert "文件&lt;b&gt;补充。</ins>" in seen and "页面补充。</del>" in seen
        assert editor.post(f"{page}/take_theirs", {}, page=page).headers["Location"] == f"/editing/{CODE}"
        assert editor.get(page).status_code == 404
        assert "等您决定" not in editor.get("/editing").text
        for ending, begin in (("zip", b"PK"), ("xlsx", b"PK")):
            found = editor.get(f"/editing/export.{ending}")
            assert found.status_code == 200 and found.data.startswith(begin)
            assert call("editor", "GET", f"/knowledge/export.{ending}").data[:2] == begin
            call.refused("operator", "GET", f"/knowledge/export.{ending}", 403)
        assert Browser(app, "operator").get("/editing/export.zip").status_code == 403
