"""From a Discord message to a reply on Discord."""
