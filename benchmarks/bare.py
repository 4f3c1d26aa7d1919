"""The framework alone: a route of Flask that answers an empty object. No page or call of the service can be faster."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def nothing() -> dict[str, str]:
    return {}
