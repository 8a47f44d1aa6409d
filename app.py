"""Starts the chat page: `python app.py` is the same as `youju serve`."""

from qa.cli import serve

if __name__ == "__main__":
    serve(prog_name="python app.py")
