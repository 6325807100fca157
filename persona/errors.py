"""Failures whose message is one plain sentence, fit to be shown to the operator."""

from __future__ import annotations


class RapportError(Exception):
    """A failure the operator can act on; the message says how."""


class SettingsError(RapportError):
    """A setting is missing, unknown or out of bounds."""


class StoreError(RapportError):
    """The database or the key file cannot be used as it is."""


class SealError(StoreError):
    """Something sealed cannot be opened with the key there is."""


class ModelError(RapportError):
    """A model endpoint did not give a usable answer."""


class ModelUnavailable(ModelError):
    """The endpoint cannot be reached, is overloaded or broke off: trying later may help."""


class ModelRefused(ModelError):
    """The endpoint turned the request down (key, model name, parameters): trying later won't."""


class InvalidAnswer(ModelError):
    """The model answered, but not in the form asked for."""


class EditError(RapportError):
    """What a person wanted to change about their persona cannot be done; the message says why."""
