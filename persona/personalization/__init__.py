"""How a reply is personalized: what goes into the prompt about the person (paper, section 4.1)."""
