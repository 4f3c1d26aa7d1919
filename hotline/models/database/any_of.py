"""Rows of many tickets, asked for with one parameter however many they are.

`IN` with a parameter for each is worded, read and planned again for every length of the list (what that costs the desk of a unit:
`benchmarks/README.md`). An array is one parameter (PostgreSQL), and so is a JSON text (SQLite).
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Iterable[int]]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else ids


class _AnyOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_AnyOf":
        """It is a comparison already: SQLite, which has no booleans, needs no `= 1` behind it, which would hide the index."""
        return self


def any_of(column: Any, name: str) -> _AnyOf:
    """The column is one of the ids that the statement is executed with under this name."""
    return _AnyOf(column, bindparam(name, type_=_Ids()))


@compiles(_AnyOf, "postgresql")
def _any(element: _AnyOf, compiler: Any, **options: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(ids, **options)})"


@compiles(_AnyOf, "sqlite")
def _each(element: _AnyOf, compiler: Any, **options: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({compiler.process(ids, **options)}))"
