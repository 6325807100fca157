"""The offline model: rules behind a real OpenAI-compatible endpoint."""
