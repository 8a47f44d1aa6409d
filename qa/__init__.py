"""Answering questions with the newspaper's own words."""

from qa.answers import Alternative, Answer, Citation
from qa.pipeline import Pipeline, Request, ask
from qa.questions import InvalidQuestionError

__all__ = [
    "Alternative",
    "Answer",
    "Citation",
    "InvalidQuestionError",
    "Pipeline",
    "Request",
    "ask",
]
