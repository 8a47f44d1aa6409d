"""The chat page and its HTTP routes."""
