"""The ticket itself: what people do."""
