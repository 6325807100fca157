"""The program: commands, settings, the Discord client, and the sandbox."""

from importlib.metadata import version

__version__ = version("rapport-bot")
