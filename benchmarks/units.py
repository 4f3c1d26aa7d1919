"""`python -m benchmarks.units FILE`: whether the title of a service item finds the department that it belongs to.

FILE is a list of service items (TASK_NAME, DEPT_NAME, matter_name, accept_standard, material_intro, theme_category). Four in five
are loaded as articles of their departments; of the rest the titles alone are given to what an operator sees while typing.
"""

import argparse
import random
import tempfile
from pathlib import Path

from benchmarks.questions import rows
from benchmarks.search import article_rows, opened
from hotline.casework.accounts.config_sync import load_units
from hotline.queries.intake.suggestions import suggestions
from hotline.rules.actors import SYSTEM

HELD_BACK = 5
TOLD = ("matter_name", "accept_standard", "material_intro", "theme_category")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.units", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--postgresql", help="the address of an empty database; without it SQLite is measured")
    arguments = parser.parse_args()
    items = list(rows(arguments.file.parent, arguments.file.name))
    random.Random(1).shuffle(items)
    asked, known = items[: len(items) // HELD_BACK], items[len(items) // HELD_BACK :]
    codes = {name: f"department-{n}" for n, name in enumerate(sorted({item["DEPT_NAME"] for item in items}))}
    with tempfile.TemporaryDirectory() as folder:
        app_context = opened(arguments.postgresql or f"sqlite:///{folder}/hotline.db", Path(folder))
        with app_context.transaction() as ctx:
            load_units(ctx.session, [{"code": c, "name": n, "kind": "department"} for n, c in codes.items()])
        texts = ((codes[i["DEPT_NAME"]], i["TASK_NAME"], "\n".join(i[name] for name in TOLD)) for i in known)
        loaded = max(article_rows(app_context, texts))
        first = three = 0
        with app_context.snapshot() as ctx:
            for item in asked:
                found = suggestions(ctx.by(SYSTEM), text=item["TASK_NAME"])["units"]
                places = [unit["code"] for unit in found[:3]]
                first += places[:1] == [codes[item["DEPT_NAME"]]]
                three += codes[item["DEPT_NAME"]] in places
        count = len(asked)
        print(f"{loaded:,} items of {len(codes)} departments loaded, {count:,} titles asked")
        print(f"the right department first {first / count:.1%}, among the first three {three / count:.1%}")
        app_context.database.dispose()


if __name__ == "__main__":
    main()
