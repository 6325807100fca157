"""The pages a member sees: layouts built from plain data, within Discord's limits."""
