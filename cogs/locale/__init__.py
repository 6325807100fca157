"""One catalogue per language: text for people, translated from the English in the code."""
