"""What the offline model says."""
