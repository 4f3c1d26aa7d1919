"""Pages of the centre: dispatchers, reviewers, supervisors."""
