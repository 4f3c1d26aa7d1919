"""The legal-service zone without sign-in: a consultation, a check-up; each answers with number and query code."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body
from hotline.api.public.public import submitted
from hotline.casework.intake.intake import NewCall
from hotline.schemas.intake.legal_zone import CheckUpForm, ConsultationForm
from hotline.web.access import public

legal_zone = APIBlueprint("api_legal_zone", __name__, url_prefix="/api/v1/public/legal", tag="Public")
ONCE = {201: "Number and query code, shown this once"}


@legal_zone.post("/consultations")
@public
@body(legal_zone, ConsultationForm)
@legal_zone.doc(summary="Ask a lawyer", responses=ONCE)
def consult(given: NewCall) -> tuple[dict[str, Any], int]:
    return submitted(given), 201


@legal_zone.post("/check-ups")
@public
@body(legal_zone, CheckUpForm)
@legal_zone.doc(summary="Ask for a legal check-up", responses=ONCE)
def check_up(given: NewCall) -> tuple[dict[str, Any], int]:
    return submitted(given), 201
