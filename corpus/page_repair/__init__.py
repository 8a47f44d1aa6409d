"""Raw pages of a newspaper put in order: paragraphs joined across columns, articles told apart."""

from corpus.page_repair.records import Doubt, LedgerEntry, RepairedPage
from corpus.page_repair.repair import repair_page

__all__ = ["Doubt", "LedgerEntry", "RepairedPage", "repair_page"]
