"""How the shipped weights and numbers are made."""
