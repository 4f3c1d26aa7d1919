"""Rows of many, asked for with one parameter, on both engines."""

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.models.accounts.units import Unit
from hotline.models.database.any_of import any_of


@pytest.mark.parametrize("wanted", [[], [2], [3, 1, 3, 999_999]])
def test_finds_the_rows_that_are_named_and_no_other(app_context: AppContext, wanted: list[int]) -> None:
    query = select(Unit.id).where(any_of(Unit.id, "units"))
    with app_context.snapshot() as ctx:
        assert {*ctx.session.scalars(query, {"units": wanted})} == {*wanted} & {*ctx.session.scalars(select(Unit.id))}
