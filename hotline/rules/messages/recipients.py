"""The recipients of notices: each set of roles under one name."""

from hotline.rules.vocabulary import UNIT_ROLES, Role

# In the unit.
UNIT_DESK = frozenset({Role.HANDLER, Role.LIAISON, Role.LEADER})
"""The people of the desk on which a ticket lies."""
RESULT_AUTHORS = frozenset({Role.HANDLER, Role.LEADER})
"""Who writes a unit's result and who signs it."""
UNIT_LEADERS = frozenset({Role.LEADER})
UNIT_HEADS = frozenset({Role.DEPUTY, Role.LEADER})
"""Who answers for the unit."""
WHOLE_UNIT = UNIT_ROLES
"""The desk and who answers for it: bad ratings and supervision orders concern them all."""

# In the centre.
INTAKE_DESK = frozenset({Role.OPERATOR, Role.DISPATCHER})
"""Who takes matters in and hands them on."""
DISPATCHERS = frozenset({Role.DISPATCHER})
DISPATCH_AND_SUPERVISION = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
REVIEWERS = frozenset({Role.REVIEWER})
REVIEW_AND_SUPERVISION = frozenset({Role.REVIEWER, Role.SUPERVISOR})
SUPERVISORS = frozenset({Role.SUPERVISOR})
EDITORS = frozenset({Role.EDITOR})
