"""The command line, `hotline ...`: each command opens the application context, calls what it names and prints the result."""

import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from hotline import server
from hotline.casework.accounts.config_sync import BadSource
from hotline.commands import backup, data, exports, imports, knowledge, people, rules, running
from hotline.commands.frame import hotline, sentence_of
from hotline.demo import demonstration
from hotline.models.database.migrate import NotMigrated
from hotline.operations.backup import NoBackup
from hotline.operations.restore import NotRestored
from hotline.rules.refusals import Refusal
from hotline.settings.config_files import BadSettings

__all__ = ["backup", "data", "exports", "imports", "knowledge", "main", "people", "rules", "running"]

REFUSALS = (
    BadSettings,
    BadSource,
    NoBackup,
    NotMigrated,
    NotRestored,
    demonstration.NotPossible,
    server.CannotServe,
)
"""What is said in one sentence of its own."""


def main() -> None:
    """The entry point: whatever is refused is one clear line and a non-zero exit."""
    try:
        hotline.main(prog_name="hotline", standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(sentence_of(error), err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit("已中断。")
    except Refusal as refusal:
        sys.exit(refusal.sentence())
    except SQLAlchemyError as error:
        sys.exit(
            f"数据库不能访问，或尚未升级（{type(error).__name__}）：请检查 HOTLINE_DATABASE_URL，再运行 hotline db upgrade。"
        )
    except REFUSALS as error:
        sys.exit(str(error))
