"""What people send besides words: pictures, files, quoted and forwarded messages.

It is shown to the model as data, and is never evidence: nothing is learned from it.
"""
