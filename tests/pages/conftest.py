"""Who looks at the pages."""

import pytest
from flask import Flask

from tests.pages.test_pages import Browser


@pytest.fixture
def admin(app: Flask) -> Browser:
    return Browser(app, "administrator")
