"""Buttons, selects and modals. Their state is in the store, so they outlive a restart."""
