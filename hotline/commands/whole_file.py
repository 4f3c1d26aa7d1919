"""A file that is there whole or not at all."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield where to write: that takes the place of `path` when the block ends, and is gone when it raises.

    Refuses, in one sentence, what cannot be written.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise click.ClickException(f"不能写入 {path}：{error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
