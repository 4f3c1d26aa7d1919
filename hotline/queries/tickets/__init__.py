"""The ticket itself: what people see."""
