"""One run of a job."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from hotline.app_context import AppContext
from hotline.context import Context


@dataclass(frozen=True, slots=True)
class Run:
    """The application at the instant as of which the job runs: every transaction of the run happens then."""

    app_context: AppContext
    now: datetime

    def transaction(self) -> AbstractContextManager[Context]:
        """Open a transaction at this instant."""
        return self.app_context.transaction(self.now)

    def snapshot(self) -> AbstractContextManager[Context]:
        """Open a snapshot for reading at this instant."""
        return self.app_context.snapshot(self.now)
