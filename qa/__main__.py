"""`python -m qa` is the same as `youju`."""

from qa.cli import main

if __name__ == "__main__":
    main(prog_name="youju")
