"""The entry point that pyproject.toml names."""

import sys


def main() -> None:
    """Runs the command line. Even while it is being imported, Ctrl-C prints no traceback."""
    try:
        from .program import app

        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
