"""`sekur completion`: what makes a shell complete the command."""

from __future__ import annotations

import click

from sekur_sdk.cli.program import COMPLETION_VARIABLE, Program

_SHELLS = ("bash", "fish", "zsh")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the completion script of SHELL.

    For bash: eval "$(sekur completion bash)" in ~/.bashrc; for zsh the same in ~/.zshrc; for fish:
    sekur completion fish > ~/.config/fish/completions/sekur.fish.
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415  # nothing else needs it

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(Program(), {}, "sekur", COMPLETION_VARIABLE).source())
