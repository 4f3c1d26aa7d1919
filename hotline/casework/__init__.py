"""What people do: one function for each action. It flushes and never commits; the edges own the transaction."""
