"""The sample dataset, written by hand."""
