"""What people do: one function for each deed. A deed flushes and never commits; the edges own the transaction."""
