"""Rows of many, asked for with one parameter, on both engines."""

import pytest
from sqlalchemy import select

from hotline.app_context import Office
from hotline.models.accounts.units import Unit
from hotline.models.database.any_of import among


@pytest.mark.parametrize("wanted", [[], [2], [3, 1, 3, 999_999]])
def test_finds_the_rows_that_are_named_and_no_other(office: Office, wanted: list[int]) -> None:
    query = select(Unit.id).where(among(Unit.id, "units"))
    with office.reading() as work:
        assert {*work.session.scalars(query, {"units": wanted})} == {*wanted} & {*work.session.scalars(select(Unit.id))}
