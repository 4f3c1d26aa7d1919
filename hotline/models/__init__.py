"""Tables, and the two ways to open a transaction. No behaviour that talks to the outside."""
