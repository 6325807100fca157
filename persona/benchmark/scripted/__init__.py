"""The scripted track: people, an assistant and a judge by rules, for measuring the machinery."""
