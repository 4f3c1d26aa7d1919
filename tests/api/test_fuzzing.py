"""Every operation that the OpenAPI names, called by everybody with what fits its description and what does not.

`HOTLINE_FUZZ_EXAMPLES` says how many calls each operation gets; `make fuzz` makes many.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hotline.web.access import API
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.cast import Cast

EXAMPLES = int(os.environ.get("HOTLINE_FUZZ_EXAMPLES", "6"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SIGN_OUT = ("DELETE", "/api/v1/sessions/current")


def _operations(app: Flask) -> list[Any]:
    schema = schemathesis.openapi.from_wsgi(f"{API}v1/openapi.json", app)
    found = [result.ok() for result in schema.get_all_operations()]
    # Whoever signs out has nothing more to say.
    return sorted(found, key=lambda operation: (operation.method.upper(), operation.path) == SIGN_OUT)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_answer_is_an_error_and_each_is_as_described(app: Flask, call: Calls, build: Builder, cast: Cast) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    now = datetime.now(UTC) - timedelta(hours=1)
    numbers = [build.ticket(state, now) for state in ("accepted", "handling", "calling_back", "closed")]
    known = {"number": st.sampled_from(numbers), "code": st.sampled_from(["company-opening", "legal"])}
    people = st.sampled_from([None, *cast.everyone()])
    lies: dict[str, str] = {}
    for operation in _operations(app):
        cases = operation.as_strategy(GenerationMode.POSITIVE)
        if operation.body or operation.query:
            cases |= operation.as_strategy(GenerationMode.NEGATIVE)

        @seed(7)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(case=cases, who=people, data=st.data())
        def ask(case: Any, who: str | None, data: Any) -> None:
            for name, real in known.items():
                if name in (case.path_parameters or {}) and data.draw(st.booleans()):
                    case.path_parameters[name] = data.draw(real)
            headers = {"Authorization": f"Bearer {cast.tokens[who]}"} if who else {}
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            ask()
        except FailureGroup as error:
            lies[operation.label] = str(error)[:600]
    assert not lies, "\n\n".join(f"{label}\n{said}" for label, said in lies.items())
