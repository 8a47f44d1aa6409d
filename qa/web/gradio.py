"""Gradio, imported here alone, so that it never sends home what it counts."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr

__all__ = ["gr"]
