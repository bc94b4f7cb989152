"""The console script. It is ready for Ctrl-C and `kill` before it imports anything that takes time."""

from microsim.cli.signals import begin


def main() -> None:
    """Run the command that the shell asks for."""
    begin()
    from microsim.cli.main import main as run

    run()
