"""The engine: it knows people, and knows nothing of Discord."""
