"""Teaches the encoder the papers and the words people ask in."""
