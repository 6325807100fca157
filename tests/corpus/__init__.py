"""Conversations with what a careless model would propose, and what the gate must say."""
