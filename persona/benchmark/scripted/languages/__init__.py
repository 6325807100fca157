"""Tables of languages for the scripted track, one file each."""
