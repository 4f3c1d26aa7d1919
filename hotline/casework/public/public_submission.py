"""Matters from outside: logged as any other, and counted in the database by where they come from."""

from sqlalchemy import func, select

from hotline.casework.intake import intake
from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.tickets.tickets import PublicSubmission
from hotline.rules.actors import VISITOR
from hotline.rules.public.public_submission import HOUR
from hotline.rules.refusals import TooManyAttempts


def submit(ctx: Context, given: intake.NewCall, address: str) -> intake.Logged:
    """Refuses `TooManyAttempts` after too many from one address within an hour, and whatever the intake refuses."""
    here = keys_of(ctx.session).digest("address", address)
    lately = PublicSubmission.address_hash == here, PublicSubmission.at > ctx.now - HOUR
    if (ctx.session.scalar(select(func.count()).where(*lately)) or 0) >= ctx.rules.submissions.an_hour:
        raise TooManyAttempts()
    ctx.session.add(PublicSubmission(address_hash=here, at=ctx.now))
    return intake.log_call(ctx.by(VISITOR), given)
