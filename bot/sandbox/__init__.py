"""The bot on this machine, without Discord: the real bot in a SimCord world."""
