from cli.reference import FILE, reference


def test_docs_are_what_the_commands_say() -> None:
    assert FILE.read_text() == reference(), "run python -m cli.reference"
