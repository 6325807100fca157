"""Recorded conversations, played through the bot on simulated time."""
