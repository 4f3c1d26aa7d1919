"""The JSON API of clocks and due dates."""
