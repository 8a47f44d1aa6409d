"""What MCP clients and gradio_client can call."""

from qa.printing import to_json
from qa.questions import InvalidQuestionError
from qa.records import search_dict
from qa.web.api import MAX_K
from qa.web.gradio import gr
from qa.web.service import Service


def add_tools(service: Service) -> None:
    """Offer `ask` and `search` to MCP clients and to gradio_client.

    They return JSON as text: Gradio would give MCP clients a dict as Python prints it.
    """

    def ask(question: str) -> str:
        """Answer a Chinese question from newspaper articles, in their own words.

        Nothing is generated: the answer is cut from an article, and the citation names the
        exact place. When the archive does not say, status is "no_answer" and reason says why.
        Returns a JSON object.

        Args:
            question: The question, in Chinese, complete in itself.
        """
        return to_json(service.ask(question, channel="mcp").to_dict())

    def search(question: str, k: int = 10) -> str:
        """Find the passages of newspaper articles that best match a Chinese question.

        Returns a JSON list, best first, with where each stands and its scores.

        Args:
            question: The question or keywords, in Chinese.
            k: How many passages, from 1 to 100.
        """
        if not 1 <= k <= MAX_K:
            raise gr.Error(f"k is {k}; it must be from 1 to {MAX_K}", print_exception=False)
        try:
            found = service.pipeline.search(question, k)
        except InvalidQuestionError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return to_json([search_dict(rank, scored) for rank, scored in enumerate(found, start=1)])

    gr.api(ask, api_name="ask")
    gr.api(search, api_name="search")
