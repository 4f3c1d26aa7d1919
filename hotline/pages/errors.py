"""Refusals as pages: the sentence, and the way on."""

from typing import Any
from urllib.parse import quote, urlsplit

from flask import redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from hotline.rules.refusals import Refusal, SecondFactorMissing, SignInRequired
from hotline.web.access import status_of

SENTENCES = {
    404: ("没有这个页面", "请检查地址，或从首页重新进入。"),
    405: ("不能这样打开", "请从页面上的按钮进入。"),
    413: ("内容过大", "请缩短内容后再提交。"),
}


def _page(status: int, title: str, sentence: str, **more: str) -> Any:
    return render_template("shared/error.html", title=title, sentence=sentence, **more), status


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
    return _page(status_of(refusal), refusal.title, refusal.sentence())


def _quoted(address: str) -> str:
    return quote(address.rstrip("?"), safe="/")


def http_answer(error: HTTPException) -> Any:
    """What the framework refuses."""
    if isinstance(error, CSRFError):
        return _page(400, "页面已过期", "请返回上一页，刷新后再提交；这个标签页里留着的内容会恢复。")
    title, sentence = SENTENCES.get(error.code or 500, ("请求未能完成", "请稍后再试，或联系系统管理员。"))
    return _page(error.code or 500, title, sentence)
