"""How the reader was trained, see the README one folder up."""
