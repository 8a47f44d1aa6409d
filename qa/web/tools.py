"""What MCP clients and gradio_client can call."""

from index import ArticleFilter
from qa.printing import to_json
from qa.questions import InvalidQuestionError
from qa.records import search_dict
from qa.web.api import MAX_K
from qa.web.gradio import gr
from qa.web.service import Service
from qa.web.turns import new_scope, wanted


def add_tools(service: Service) -> None:
    """Offer `ask` and `search` to MCP clients and to gradio_client.

    They return JSON as text: Gradio would give MCP clients a dict as Python prints it.
    """

    def chosen(source: str, since: str, until: str) -> ArticleFilter:
        try:
            return wanted(new_scope(None, source, since, until))
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def ask(question: str, source: str = "", since: str = "", until: str = "") -> str:
        """Answer a Chinese question from newspaper articles, in their own words.

        Nothing is generated: the answer is cut from an article, and the citation names the
        exact place. When the archive does not say, status is "no_answer" and reason says why.
        Returns a JSON object.

        Args:
            question: The question, in Chinese, complete in itself.
            source: Only articles of this paper or agency; all if empty.
            since: Only articles of this day, month or year (2026-05) or later.
            until: Only articles of then or earlier.
        """
        among = chosen(source, since, until)
        return to_json(service.ask(question, channel="mcp", wanted=among).to_dict())

    def search(
        question: str, k: int = 10, source: str = "", since: str = "", until: str = ""
    ) -> str:
        """Find the passages of newspaper articles that best match a Chinese question.

        Returns a JSON list, best first, with where each stands and its scores.

        Args:
            question: The question or keywords, in Chinese.
            k: How many passages, from 1 to 100.
            source: Only articles of this paper or agency; all if empty.
            since: Only articles of this day, month or year (2026-05) or later.
            until: Only articles of then or earlier.
        """
        if not 1 <= k <= MAX_K:
            raise gr.Error(f"k is {k}; it must be from 1 to {MAX_K}", print_exception=False)
        try:
            found = service.pipeline.search(question, k, wanted=chosen(source, since, until))
        except InvalidQuestionError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return to_json([search_dict(rank, scored) for rank, scored in enumerate(found, start=1)])

    gr.api(ask, api_name="ask")
    gr.api(search, api_name="search")
