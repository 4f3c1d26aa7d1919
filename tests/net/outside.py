"""What does not depend on data: the route table, the OpenAPI document, the help of every command."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask

from hotline.commands.frame import hotline as command_line
from tests.net.writing import write

NO_METHODS = {"HEAD", "OPTIONS"}
WIDTH = 100


def routes_of(app: Flask) -> str:
    """Return the route table as the outside sees it: never the names of views or modules."""
    lines = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        methods = ",".join(sorted((rule.methods or set()) - NO_METHODS))
        flags = [f"prolongs={getattr(view, 'prolongs', True)}"]
        flags += [f"before_second_factor={getattr(view, 'before_second_factor', False)}"]
        lines.append(" ".join([rule.rule, methods, access_of(view), *flags, f"strict={rule.strict_slashes}"]))
    return "\n".join(sorted(lines))


def access_of(view: Any) -> str:
    """Return who a view is for, in one word."""
    access = getattr(view, "access", "nobody")
    return access if isinstance(access, str) else "+".join(sorted(str(role.value) for role in access))


def openapi_of(app: Flask) -> str:
    """Return the OpenAPI document, its keys in order."""
    answer = app.test_client().get("/api/v1/openapi.json")
    return json.dumps(answer.get_json(), ensure_ascii=False, indent=1, sort_keys=True)


def helps() -> Iterator[tuple[str, str]]:
    """Yield every command with its help."""
    yield from _helps(command_line, click.Context(command_line, info_name="hotline", terminal_width=WIDTH))


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    hidden = " (hidden)" if command.hidden else ""
    yield context.command_path.replace(" ", "_"), command.get_help(context) + hidden
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            below = command.commands[name]
            yield from _helps(below, click.Context(below, parent=context, info_name=name, terminal_width=WIDTH))


def write_outside(app: Flask, folder: Path) -> None:
    """Write all of it."""
    write(folder, "routes.txt", routes_of(app))
    write(folder, "openapi.json", openapi_of(app))
    for name, text in helps():
        write(folder, f"help/{name}.txt", text)
