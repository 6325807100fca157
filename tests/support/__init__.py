"""What tests stand on: a clock, a scripted model endpoint, a socket that plays Discord."""
