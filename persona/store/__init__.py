"""The store: what is kept, sealed, and how it is read and written."""
