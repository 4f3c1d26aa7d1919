"""The application: settings, the application context, the routes, and one shape for everything that is refused."""

import traceback
from typing import Any

import orjson
import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Flask, Response, current_app, make_response, request
from flask.json.provider import JSONProvider
from flask_compress import Compress
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

import hotline
from hotline.api import BLUEPRINTS, problems
from hotline.api.describing import install_description
from hotline.app_context import AppContext
from hotline.models.database.session import UNAVAILABLE
from hotline.observability import logs
from hotline.pages import errors, install_pages
from hotline.rules.refusals import DatabaseUnavailable, Refusal
from hotline.settings.environment import Settings
from hotline.web.access import API, check_access
from hotline.web.uploads import allow_uploads

LARGEST_BODY = 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
A_DAY = 24 * 3600

PERMISSIONS = ", ".join(f"{what}=()" for what in ("camera", "geolocation", "microphone", "payment", "usb"))
ONE_YEAR = 365 * 24 * 3600
COME_AGAIN = 5
"""Seconds after which a request is worth repeating that met a silent database."""
log = structlog.get_logger()


class Orjson(JSONProvider):
    """Answers are plain dictionaries, written by orjson."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; refuses (`BadSettings`) to start on bad settings."""
    settings = settings or Settings.from_environment()
    app = APIFlask(
        "hotline",
        title="12345企业服务热线",
        version=hotline.__version__,
        docs_path=None,
        spec_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]
        static_url_path="/static",
        template_folder="pages/templates",
    )
    app.json = Orjson(app)
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        VALIDATION_ERROR_STATUS_CODE=422,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        BOOTSTRAP_SERVE_LOCAL=True,
        AUTO_404_RESPONSE=False,
        # Pages are left as they are: what is compressed together with a secret can be guessed from its length.
        COMPRESS_MIMETYPES=["text/css", "text/javascript", "image/svg+xml"],
    )
    app.extensions["hotline"] = AppContext(settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    install_description(app)
    Compress(app)
    logs.install(app)
    app.before_request(allow_uploads)
    install_pages(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    _guard(app)
    return app


def _guard(app: APIFlask) -> None:
    app.before_request(check_access)
    app.after_request(_harden)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPError, _not_read)
    app.register_error_handler(HTTPException, _http)
    for silent in UNAVAILABLE:
        app.register_error_handler(silent, _database_silent)
    app.register_error_handler(RecursionError, _too_deep)
    app.log_exception = _log_failure  # type: ignore[method-assign]


def _is_api() -> bool:
    return request.path.startswith(API)


def _refused(refusal: Refusal) -> Any:
    return problems.refusal_answer(refusal) if _is_api() else errors.refusal_answer(refusal)


def _not_read(error: HTTPError) -> Any:
    return problems.input_answer(error)


def _database_silent(error: Exception) -> Any:
    """Whoever asks is to come again."""
    log.error(
        "database silent", route=str(request.url_rule), error=type(error).__name__, cause=type(error.__cause__).__name__
    )
    answer = make_response(_refused(DatabaseUnavailable()))
    answer.headers["Retry-After"] = str(COME_AGAIN)
    return answer


def _too_deep(error: RecursionError) -> Any:
    """A body nested without end."""
    return _http(BadRequest())


def _http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    return problems.http_answer(error) if _is_api() else errors.http_answer(error)


def _log_failure(exc_info: Any) -> None:
    """Where it failed and by which route; neither the address nor the error's text, which may hold what somebody typed."""
    kind, _, trace = exc_info
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    log.error("request failed", route=str(request.url_rule), error=kind.__name__, frames=frames)


def _harden(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        answer.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    if _is_api() and answer.is_json:
        # A browser that is led there keeps it as a file and never shows it as a page.
        answer.headers.setdefault("Content-Disposition", 'attachment; filename="answer.json"')
    if request.path.startswith("/bootstrap/"):
        answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    elif not request.path.startswith("/static/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
