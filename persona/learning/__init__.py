"""The optimizer: due, batch, prompt, propose, gate, commit (the paper's f_theta, section 3.3)."""
