"""Every deed of the administration has a sentence in the log: a line without one would keep the page from being shown."""

from hotline.queries.accounts.audit_log import SENTENCES
from hotline.rules.accounts.administration import AdminDeed


def test_every_deed_has_a_sentence() -> None:
    assert set(SENTENCES) == set(AdminDeed)
