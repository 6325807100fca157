"""The model track of PersonaBench: every step of it that asks a language model."""
