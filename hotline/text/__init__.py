"""Chinese text: its normal form, its words and their sounds."""
