"""PersonaBench: measures life-long personalization on the engine the bot runs (paper, 4)."""
