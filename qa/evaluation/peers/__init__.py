"""Youju and its peers, side by side: same passages, questions and encoder; see `README.md`."""
