"""What a language of the page consists of; the languages are in `languages`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index import Overview
from qa.wording import describe_confidence


@dataclass(frozen=True, slots=True)
class Texts:
    """One language of the page; `{}` stands for what is filled in."""

    language: str
    html_lang: str
    title: str
    motto: str
    other_language: str
    other_url: str
    ask_tab: str
    browse: str
    about: str
    numbers: str
    days: str
    by_title: str
    by_source: str
    all_sources: str
    since: str
    until: str
    find: str
    no_article: str
    question: str
    placeholder: str
    empty_chat: str
    send: str
    try_these: str
    clear: str
    download: str
    searching: str
    reading: str
    as_of: str
    paragraph: str
    inferred: str
    undated: str
    editorial: str
    reprinted: str
    same: str
    others: str
    part: str
    conflict: str
    timeline: str
    nearest: str
    why: str
    why_head: tuple[str, ...]
    copy: str
    copied: str
    copy_as: tuple[str, str, str]
    understood: str
    literal: str
    edit: str
    resend: str
    cancel: str
    right: str
    wrong: str
    expected: str
    send_feedback: str
    thanks: str
    next_questions: str
    panel: str
    welcome: str
    unknown_article: str
    old_version: str
    gone_article: str
    previous_quote: str
    next_quote: str
    permanent_link: str
    captions: str
    out_of_order: str
    uploads: str
    uploads_help: str
    uploads_button: str
    uploads_drop: str
    uploads_ready: str
    uploads_none: str
    uploads_gone: str
    scope: str
    scope_archive: str
    scope_own: str
    narrow: str
    only: str
    bad_date: str
    confidence_words: tuple[str, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)

    def confidence(self, probability: float) -> str:
        """Return a probability in words, with the figure."""
        return describe_confidence(probability, self.confidence_words)

    def describe(self, overview: Overview) -> str:
        """Return the archive in numbers."""
        numbers = self.numbers.format(
            articles=overview.n_articles,
            passages=overview.n_passages,
            characters=overview.n_characters,
        )
        days = self.days.format(first=overview.first_date, last=overview.last_date)
        return numbers + (days if overview.first_date else "")

    def describe_scope(self, source: str | None, since: str | None, until: str | None) -> str:
        """Return which articles alone were asked."""
        named = ((None, source), (self.since, since), (self.until, until))
        parts = [f"{name} {value}" if name else value for name, value in named if value]
        return self.only.format("，".join(filter(None, parts)))

    def reason(self, reason: str | None) -> str:
        """Return why there is no answer, in this language where it is known."""
        for template, words in self.reasons.items():
            if (filled := _filled_in(template, reason or "")) is not None:
                return words.format(**filled)
        return reason or ""


def _filled_in(template: str, text: str) -> dict[str, str] | None:
    """What stands for the {names} of a template in a text that was made from it, else None."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
    match = re.fullmatch(pattern, text)
    return match.groupdict() if match else None
