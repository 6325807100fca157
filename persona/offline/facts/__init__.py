"""What the offline model finds plainly stated in messages."""
