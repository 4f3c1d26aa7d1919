"""For granian: the floor as `app`."""

import os

from benchmarks.floor import served

app = served(os.environ["HOTLINE_DATABASE_URL"], os.environ["FLOOR_REQUESTS"])
