"""What the bot says, as Discord messages: cut to size, and shown while it is written."""
