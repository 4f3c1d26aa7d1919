"""Refusals as pages: the sentence, and the way on."""

from typing import Any
from urllib.parse import quote, urlsplit

from flask import redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from hotline.pages.frame import menu_for
from hotline.rules.refusals import Refusal, SecondFactorMissing, SignInRequired
from hotline.web.access import status_of, visitor

SENTENCES = {
    404: ("没有这个页面", "请检查地址，或从首页重新进入。"),
    405: ("不能这样打开", "请从页面上的按钮进入。"),
    413: ("内容过大", "请缩短内容后再提交。"),
}


Ways = tuple[tuple[str, str], ...]
FOR_VISITORS: Ways = (("/", "查询进度"), ("/submit", "提交诉求"))
FOR_STAFF: Ways = (("/desk", "回到工作台"), ("/tickets", "看工单列表"))
TO_ACCOUNT: Ways = (("/account", "打开我的账号"),)


def _page(status: int, title: str, sentence: str, ways: Ways = (), sign_in: str = "") -> Any:
    """The page of what was refused, with ways on; none of them leads to the page that was just refused."""
    ways = ways or (FOR_STAFF if visitor() else FOR_VISITORS)
    elsewhere = [way for way in ways if _leads_to(way[0]) != request.path]
    shown = elsewhere[:1] if visitor() else elsewhere
    return render_template("shared/error.html", title=title, sentence=sentence, ways=shown, sign_in=sign_in), status


def _leads_to(address: str) -> str:
    return menu_for(visitor())[0][0] if address == "/desk" else address


def refusal_answer(refusal: Refusal) -> Any:
    """Whoever is not signed in is taken to the sign-in, and from there to where they wanted to go.

    What was sent without a session is not done; the way leads back to the page from which it was sent. Whoever still has to
    switch on a second factor is taken to where that is done.
    """
    if isinstance(refusal, SignInRequired):
        if request.method == "GET":
            return redirect(f"/sign-in?next={_quoted(request.full_path)}")
        sent_from = urlsplit(request.referrer or "")
        here = f"{sent_from.path}?{sent_from.query}" if sent_from.netloc == request.host else ""
        return _page(status_of(refusal), refusal.title, refusal.sentence(), sign_in=f"/sign-in?next={_quoted(here)}")
    if isinstance(refusal, SecondFactorMissing) and request.method == "GET":
        return redirect("/account")
    ways = TO_ACCOUNT if isinstance(refusal, SecondFactorMissing) else ()
    return _page(status_of(refusal), refusal.title, refusal.sentence(), ways)


def _quoted(address: str) -> str:
    return quote(address.rstrip("?"), safe="/")


def http_answer(error: HTTPException) -> Any:
    """What the framework refuses."""
    if isinstance(error, CSRFError):
        return _page(400, "页面已过期", "请返回上一页，刷新后再提交；这个标签页里留着的内容会恢复。")
    title, sentence = SENTENCES.get(error.code or 500, ("请求未能完成", "请稍后再试，或联系系统管理员。"))
    return _page(error.code or 500, title, sentence)
