"""A module of an operator's that cannot be imported."""

raise ZeroDivisionError("broken on purpose")
