"""The scheduler: a timetable as data, each job a loop over one function of the casework."""
